import { around, type Canvas, paint } from './canvas.ts';
import { Tissue } from './grid.ts';
import { diaphragm } from './lungs.ts';
import { fractal, noise3, randomOf, rough } from './noise.ts';
import { ellipsoid, type Tube, tube, tubeBounds } from './shapes.ts';

interface Loop {
  readonly centre: readonly [number, number, number];
  readonly radii: readonly [number, number, number];
  readonly angle: number;
  /** Share of the lumen filled with gas. */
  readonly gas: number;
}

/** Small bowel: loops scattered through the lower front of the abdomen. */
const LOOPS: readonly Loop[] = (() => {
  const random = randomOf(2026);
  return Array.from({ length: 74 }, () => ({
    centre: [-72 + 150 * random(), -76 + 68 * random(), -12 + 84 * random()] as const,
    radii: [11 + 9 * random(), 9 + 4 * random(), 12 + 8 * random()] as const,
    angle: Math.PI * random(),
    gas: random() < 0.2 ? 0.5 * random() : 0,
  }));
})();

const COLON: readonly Tube[] = [
  {
    points: [
      [-98, 26, -12, 22],
      [-100, 20, 22, 21],
      [-92, 4, 44, 18],
    ],
  },
  {
    points: [
      [104, 34, -12, 14],
      [106, 34, 40, 14],
      [100, 10, 84, 17],
      [92, -24, 96, 18],
    ],
  },
  {
    points: [
      [-84, -44, 40, 18],
      [-46, -76, 32, 17],
      [0, -82, 36, 16],
      [48, -76, 48, 17],
      [86, -46, 78, 18],
    ],
  },
];

export function paintBowel(canvas: Canvas): void {
  paintMesentery(canvas);
  for (const loop of LOOPS) if (Math.abs(canvas.z - loop.centre[2]) < loop.radii[2] + 3) paintLoop(canvas, loop);
  for (const colon of COLON) paintColon(canvas, colon);
  paintStomach(canvas);
}

/** Vessels and nodes in the mesenteric fat. */
function paintMesentery(canvas: Canvas): void {
  const { z } = canvas;
  if (z > 140) return;
  const strands = (x: number, y: number): number => {
    const vessel = Math.hypot(fractal(x, y, z, 17, 121), fractal(x + 40, y, z, 17, 123));
    return (vessel - 0.055) * 22;
  };
  paint(canvas, {
    bounds: [-95, 95, -88, 20],
    shape: strands,
    hu: 112,
    tissue: Tissue.vessel,
    over: [Tissue.cavity],
    edge: 1.4,
  });
}

function paintLoop(canvas: Canvas, { centre, radii, angle, gas }: Loop): void {
  const { z } = canvas;
  const shape = (x: number, y: number, at: number): number =>
    Math.max(rough(ellipsoid(x, y, z, centre, radii, angle), 2.2, 8, 125, x, y, z), 3 - canvas.insideWall[at]!);
  const bounds = around(centre[0], centre[1], Math.max(radii[0], radii[1]) + 4);
  const over = [Tissue.cavity, Tissue.bowel, Tissue.vessel];
  paint(canvas, { bounds, shape, hu: (x, y) => 98 + 8 * noise3(x / 5, y / 5, z / 5, 126), tissue: Tissue.bowel, over });
  const folds = (x: number, y: number): number => 30 + 26 * fractal(x, y, z, 6, 127);
  paint(canvas, {
    bounds,
    shape: (x, y, at) => shape(x, y, at) + 2.6,
    hu: folds,
    tissue: Tissue.bowel,
    over: [Tissue.bowel],
    edge: 2,
  });
  if (gas > 0.1) {
    const level = centre[1] - radii[1] * (1 - 2 * gas);
    const bubble = (x: number, y: number, at: number): number => Math.max(shape(x, y, at) + 3.4, y - level);
    paint(canvas, { bounds, shape: bubble, hu: -960, tissue: Tissue.air, over: [Tissue.bowel] });
  }
}

function paintColon(canvas: Canvas, path: Tube): void {
  const { z } = canvas;
  // Haustra: the wall is drawn in every few centimetres.
  const shape = (x: number, y: number, at: number): number =>
    Math.max(rough(tube(x, y, z, path), 3.6, 13, 131, x, y, z), 3 - canvas.insideWall[at]!);
  const bounds = tubeBounds(path, z, 6);
  if (bounds === undefined) return;
  const over = [Tissue.cavity, Tissue.bowel, Tissue.vessel, Tissue.gland];
  paint(canvas, { bounds, shape, hu: 82, tissue: Tissue.bowel, over });
  const contents = (x: number, y: number): number => {
    const mottle = fractal(x, y, z, 6.5, 132);
    const gas = noise3(x / 30, y / 30, z / 26, 133) - 0.012 * (y + 20);
    if (gas > 0.28) return -970;
    return mottle > 0.22 ? -420 - 420 * mottle : 28 + 70 * mottle;
  };
  paint(canvas, {
    bounds,
    shape: (x, y, at) => shape(x, y, at) + 2.2,
    hu: contents,
    tissue: Tissue.bowel,
    over: [Tissue.bowel],
  });
}

function paintStomach(canvas: Canvas): void {
  const { z } = canvas;
  if (z < 55 || z > 166) return;
  const shape = (x: number, y: number, at: number): number => {
    const fundus = ellipsoid(x, y, z, [50, -16, 126], [29, 42, 31], 0.3);
    const body = ellipsoid(x, y, z, [42, -52, 98], [38, 24, 36], 0.1);
    const joined = Math.min(fundus, body) - 3;
    return (
      Math.max(joined, 4 - canvas.insideWall[at]!, (z - diaphragm(x, y) + 4) * 0.6) +
      1.8 * noise3(x / 14, y / 14, z / 14, 141)
    );
  };
  const bounds = [-10, 120, -95, 60] as const;
  const over = [Tissue.cavity, Tissue.muscle, Tissue.bowel, Tissue.gland];
  paint(canvas, {
    bounds,
    shape,
    hu: (x, y) => 92 + 7 * noise3(x / 5, y / 5, z / 5, 142),
    tissue: Tissue.stomach,
    over,
  });
  const lumen = (x: number, y: number, at: number): number =>
    shape(x, y, at) + 4.2 + 2.4 * noise3(x / 6, y / 6, z / 9, 143);
  paint(canvas, {
    bounds,
    shape: lumen,
    hu: (x, y) => 24 + 14 * fractal(x, y, z, 8, 144),
    tissue: Tissue.stomach,
    over: [Tissue.stomach],
  });
  // The patient lies on the back: gas rises to the front.
  const gas = (x: number, y: number, at: number): number => Math.max(lumen(x, y, at), y + 42);
  paint(canvas, { bounds, shape: gas, hu: -975, tissue: Tissue.air, over: [Tissue.stomach] });
}
