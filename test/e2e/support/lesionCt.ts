import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshUid, tinyCt } from '../../support/tinyCt.ts';
import type { PixelBox } from './reader.ts';

export const SIDE = 96;
export const SLICES = 9;
export const SLICE_MM = 4;
/** Slice on which the lesion is largest. */
export const MIDDLE = 4;
const CENTRE = [50, 46] as const;
const RADIUS_MM = 14;
/** Ends of the lesion along the stack: slices 1 to 7. */
const HALF_LENGTH_MM = 13.5;

/** Slices of {@link longLesionCt}, 1 mm apart. */
export const LONG_SLICES = 36;
/** On how many of them the lesion is: all but the three at either end. */
export const LONG_LESION_SLICES = 30;

/** Distance of a slice from the lesion's middle, as a share of the lesion's half length. */
const thickHeight = (k: number): number => ((k - MIDDLE) * SLICE_MM) / HALF_LENGTH_MM;
const longHeight = (k: number): number => (k - (LONG_SLICES - 1) / 2) / (LONG_LESION_SLICES / 2);

/** The box around the lesion on a slice, as a reader would draw it. */
export const lesionBox = (k: number): PixelBox => boxAt(thickHeight(k));

/** The same on a slice of {@link longLesionCt}. */
export const longLesionBox = (k: number): PixelBox => boxAt(longHeight(k));

function boxAt(height: number): PixelBox {
  let [x0, y0, x1, y1] = [SIDE, SIDE, -1, -1];
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      if (isLesion(x, y, height))
        [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
    }
  }
  return { x0, y0, x1, y1 };
}

/** A lobed ellipsoid. */
function isLesion(x: number, y: number, height: number): boolean {
  const [dx, dy] = [x - CENTRE[0], y - CENTRE[1]];
  const lobes = 1 + 0.16 * Math.cos(3 * Math.atan2(dy, dx) + 0.5);
  return height ** 2 < 1 && Math.hypot(dx, dy) < RADIUS_MM * lobes * Math.sqrt(1 - height ** 2);
}

export interface LesionCt {
  readonly study: string;
  readonly series: string;
  /** Ascending along the stack. */
  readonly files: readonly string[];
}

/** Nine CT slices of soft tissue with one bright lesion, written to a folder; `leaveOut` names slices that are not. */
export const lesionCt = (folder: string, leaveOut: readonly number[] = [], slices = SLICES): Promise<LesionCt> =>
  written(folder, slices, SLICE_MM, leaveOut, (k) => {
    const at = slices === 1 ? MIDDLE : k;
    return slicePixels(at, thickHeight(at));
  });

/** Slice of {@link pinchedCt} on which the lesion is much smaller than on both beside it. */
const PINCHED = 5;

/** As {@link lesionCt}, but for one slice: a shape that the models are unsure of. */
export const pinchedCt = (folder: string): Promise<LesionCt> =>
  written(folder, SLICES, SLICE_MM, [], (k) => slicePixels(k, k === PINCHED ? PINCHED_HEIGHT : thickHeight(k)));

/** Where the ellipsoid has under half of its largest radius. */
const PINCHED_HEIGHT = 0.9;

/** Thin slices with a lesion on {@link LONG_LESION_SLICES} of them. */
export const longLesionCt = (folder: string): Promise<LesionCt> =>
  written(folder, LONG_SLICES, 1, [], (k) => slicePixels(k, longHeight(k)));

/** Where the CT of {@link studyOfTwo} shows less of its lesion than the MR does. */
const UNSEEN = 5;

/** A CT that shows no lesion above its middle, and an MR of the same frame of reference that shows all of it. */
export async function studyOfTwo(folder: string): Promise<LesionCt> {
  const ct = await written(join(folder, 'ct'), SLICES, SLICE_MM, [], (k) =>
    slicePixels(k, k < UNSEEN ? thickHeight(k) : 2),
  );
  const mr = { study: ct.study, modality: 'MR' };
  await written(join(folder, 'mr'), SLICES, SLICE_MM, [], (k) => slicePixels(k, thickHeight(k)), mr);
  return ct;
}

async function written(
  folder: string,
  slices: number,
  apart: number,
  leaveOut: readonly number[],
  pixelsOf: (k: number) => Uint16Array,
  { study = freshUid(), modality }: { readonly study?: string; readonly modality?: string } = {},
): Promise<LesionCt> {
  const series = freshUid();
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (let k = 0; k < slices; k += 1) {
    if (leaveOut.includes(k)) continue;
    const file = join(folder, `slice-${k + 1}.dcm`);
    const place = { study, series, instance: freshUid(), instanceNumber: k + 1, z: k * apart };
    const ct = modality === undefined ? place : { ...place, modality };
    await writeFile(file, tinyCt({ ...ct, pixels: pixelsOf(k) }));
    files.push(file);
  }
  return { study, series, files };
}

/** HU + 1024, with the same grain at every run. */
function slicePixels(k: number, height: number): Uint16Array {
  const pixels = new Uint16Array(SIDE * SIDE);
  let seed = 7 + k;
  for (let at = 0; at < pixels.length; at += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const grain = ((seed >>> 16) % 17) - 8;
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    const body = Math.hypot((x - 48) / 44, (y - 48) / 38) < 1;
    pixels[at] = 1024 + (isLesion(x, y, height) ? 150 : body ? 40 : -900) + grain;
  }
  return pixels;
}
