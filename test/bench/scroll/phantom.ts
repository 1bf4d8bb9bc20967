import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshUid, tinyCt } from '../../support/tinyCt.ts';

export interface PhantomShape {
  readonly side: number;
  readonly slices: number;
}

/** CT series of noise in a moving body, so that no two slices are alike; one folder each. @returns files by series, in slice order */
export async function phantoms(
  folder: string,
  count: number,
  { side, slices }: PhantomShape,
): Promise<readonly (readonly string[])[]> {
  const study = freshUid();
  const all: string[][] = [];
  for (let series = 0; series < count; series += 1) {
    const [uid, at] = [freshUid(), join(folder, `series-${series}`)];
    await mkdir(at, { recursive: true });
    const files: string[] = [];
    for (let k = 0; k < slices; k += 1) {
      const file = join(at, `${String(k).padStart(4, '0')}.dcm`);
      const pixels = slicePixels(side, k, slices, 1 + series);
      await writeFile(file, tinyCt({ study, series: uid, instance: freshUid(), instanceNumber: k + 1, z: k, pixels }));
      files.push(file);
    }
    all.push(files);
  }
  return all;
}

/** HU + 1024. */
function slicePixels(side: number, k: number, slices: number, seed: number): Uint16Array {
  const pixels = new Uint16Array(side * side);
  const [cx, cy, radius] = [
    side / 2 + (side / 8) * Math.sin((6 * k) / slices),
    side / 2,
    side * (0.3 + 0.1 * (k / slices)),
  ];
  let grain = (seed * 7919 + k) >>> 0;
  for (let at = 0; at < pixels.length; at += 1) {
    grain = (Math.imul(grain, 1664525) + 1013904223) >>> 0;
    const inside = Math.hypot((at % side) - cx, Math.floor(at / side) - cy) < radius;
    pixels[at] = 1024 + (inside ? 40 : -900) + ((grain >>> 16) % 41) - 20;
  }
  return pixels;
}
