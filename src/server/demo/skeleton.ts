import { BODY, type Canvas, paint } from './canvas.ts';
import { Tissue } from './grid.ts';
import { fractal, noise3 } from './noise.ts';
import { blend, ellipsoid } from './shapes.ts';
import { turn } from './torso.ts';

/** One vertebra and one disc, mm. */
const LEVEL = 33;
const DISC = 9;

/** Spine with cortical shell and trabecular core, discs, canal and processes; ribs. */
export function paintSkeleton(canvas: Canvas): void {
  paintSpine(canvas);
  paintRibs(canvas);
}

const trabecular = (x: number, y: number, z: number, mean: number, seed: number): number =>
  mean + 42 * fractal(x, y, z, 3.2, seed) + 18 * noise3(x / 9, y / 9, z / 9, seed + 5);

/** A bone: bright shell of `shell` mm around a spongy core. */
function bone(
  canvas: Canvas,
  bounds: readonly [number, number, number, number],
  shape: (x: number, y: number, at: number) => number,
  shell: number,
  mean: number,
  seed: number,
): void {
  const { z } = canvas;
  const cortex = (x: number, y: number): number => 620 + 90 * noise3(x / 6, y / 6, z / 6, seed + 9);
  paint(canvas, { bounds, shape, hu: cortex, tissue: Tissue.bone });
  const core = (x: number, y: number, at: number): number => shape(x, y, at) + shell;
  paint(canvas, { bounds, shape: core, hu: (x, y) => trabecular(x, y, z, mean, seed), tissue: Tissue.bone, edge: 2 });
}

function paintSpine(canvas: Canvas): void {
  const { z } = canvas;
  const inLevel = (((z + 12) % LEVEL) + LEVEL) % LEVEL;
  const height = Math.abs(inLevel - (LEVEL - DISC) / 2) / ((LEVEL - DISC) / 2);
  const isDisc = inLevel > LEVEL - DISC;
  // Vertebral bodies are waisted.
  const waist = isDisc ? 1 : 0.9 + 0.1 * height * height;
  const body = (x: number, y: number): number => {
    const dent = 5 * Math.exp(-((x / 12) ** 2 + (y - 57) ** 2 / 60));
    return (
      ellipsoid(x, y, z, [0, 38, z], [23.5 * waist, 18.5 * waist, 99]) + dent + 0.7 * noise3(x / 8, y / 8, z / 12, 41)
    );
  };
  if (isDisc) {
    const disc = (x: number, y: number): number =>
      88 + 16 * Math.min(1, Math.max(-1, (body(x, y) + 9) / 6)) + 5 * fractal(x, y, z, 8, 42);
    paint(canvas, { bounds: [-32, 32, 12, 64], shape: body, hu: disc, tissue: Tissue.muscle });
  } else bone(canvas, [-32, 32, 12, 64], body, 1.1 + 0.7 * height ** 6, 175 + 90 * height ** 8, 43);
  const arch = (x: number, y: number): number => {
    const ring = Math.abs(ellipsoid(x, y, z, [0, 66, z], [14.5, 13, 99])) - 2.6;
    const pedicles =
      isDisc || inLevel < 6
        ? 50
        : Math.min(ellipsoid(x, y, z, [-15, 58, z], [4.5, 9, 99]), ellipsoid(x, y, z, [15, 58, z], [4.5, 9, 99]));
    const spinous = inLevel < 22 ? ellipsoid(x, y, z, [0, 88, z], [3.4, 12, 99]) : 50;
    const transverse =
      inLevel > 6 && inLevel < 19
        ? Math.min(
            ellipsoid(x, y, z, [-29, 66, z], [17, 3.6, 99], -0.25),
            ellipsoid(x, y, z, [29, 66, z], [17, 3.6, 99], 0.25),
          )
        : 50;
    const facets = Math.min(
      ellipsoid(x, y, z, [-17, 71, z], [6, 6.5, 99]),
      ellipsoid(x, y, z, [17, 71, z], [6, 6.5, 99]),
    );
    const joint = isDisc ? Math.max(facets, 0.9 - Math.abs(Math.abs(x) - 17)) : facets;
    const posterior = Math.max(ring, 58 - y);
    return blend(Math.min(posterior, pedicles, spinous, transverse), joint, 3) + 0.5 * noise3(x / 6, y / 6, z / 9, 46);
  };
  bone(canvas, [-52, 52, 48, 104], arch, 1.3, 210, 47);
  const sac = (x: number, y: number): number => ellipsoid(x, y, z, [0, 65.5, z], [10.5, 8.5, 99]);
  paint(canvas, { bounds: [-16, 16, 52, 80], shape: (x, y) => sac(x, y) - 1.3, hu: -60, tissue: Tissue.fat });
  paint(canvas, { bounds: [-16, 16, 52, 80], shape: sac, hu: 16, tissue: Tissue.fluid });
  const cord = (x: number, y: number): number => ellipsoid(x, y, z, [0, 66, z], [4.6, 3.6, 99]);
  if (z > 70) paint(canvas, { bounds: [-8, 8, 60, 72], shape: cord, hu: 38, tissue: Tissue.fluid });
}

/** Ribs run down from back to front: a slice cuts each at another place round the body. */
const RIBS = [28, 58, 88, 118, 148, 178, 208, 238, 268].map((height, index) => ({
  height,
  /** How far round the body a rib reaches: the lowest ones float. */
  reach: [0.34, 0.46, 0.62, 0.72, 0.8, 0.86, 0.88, 0.9, 0.9][index]!,
}));

function paintRibs(canvas: Canvas): void {
  const { z } = canvas;
  const shape = (x: number, y: number, at: number): number => {
    const radial = canvas.insideFat[at]! - 7.2;
    if (Math.abs(radial) > 12) return 20;
    const t = turn(x, y);
    if (t < 0.13) return 20;
    let nearest = 20;
    for (const { height, reach } of RIBS) {
      const rise = z - (height - 118 * t * t - 20 * t);
      if (Math.abs(rise) > 14 || t > reach + 0.02) continue;
      const distance = (Math.hypot(radial / 4.6, rise / 7.2) - 1) * 4.6 + Math.max(0, (t - reach) * 400);
      if (distance < nearest) nearest = distance;
    }
    return nearest;
  };
  bone(canvas, BODY, shape, 1.2, 190, 51);
}
