import { around, type Canvas, paint, xOf, yOf } from './canvas.ts';
import { COLUMNS, Tissue } from './grid.ts';
import { diaphragm } from './lungs.ts';
import { fractal, noise3, rough } from './noise.ts';
import { blend, ellipsoid, type Tube, tube, tubeBounds } from './shapes.ts';

const SOFT = [Tissue.cavity, Tissue.muscle];

/** Under the diaphragm and inside the wall; worked out once a slice. */
function abdomenOf(canvas: Canvas): Float32Array {
  const field = new Float32Array(canvas.hu.length).fill(20);
  for (let at = 0; at < field.length; at += 1) {
    const wall = 3 - canvas.insideWall[at]!;
    if (wall > 10) continue;
    const height =
      canvas.z < 80 ? -9 : (canvas.z - diaphragm(xOf(at % COLUMNS), yOf(Math.floor(at / COLUMNS))) + 3) * 0.6;
    field[at] = Math.max(wall, height);
  }
  return field;
}

function liver(x: number, y: number, z: number): number {
  const right = ellipsoid(x, y, z, [-70, -2, 104], [84, 80, 76], 0.2);
  const left = ellipsoid(x, y, z, [-4, -52, 128], [58, 27, 34], -0.12);
  const lobes = blend(right, left, 14);
  if (lobes > 8) return lobes;
  const medial = ellipsoid(x, y, z, [12, 34, 92], [52, 62, 99]);
  const fissure = ellipsoid(x, y, z, [-22, -62, 100], [4, 22, 30], -0.25);
  const fossa = ellipsoid(x, y, z, [-50, -48, 66], [20, 26, 24], 0.3);
  const kidneyBed = ellipsoid(x, y, z, [-68, 40, 46], [35, 31, 60]);
  const shape = Math.max(lobes, -medial, -fissure, -fossa, -kidneyBed, 40 - z + 0.18 * (x + 70));
  return rough(shape, 1.6, 18, 81, x, y, z);
}

/** Portal and hepatic veins. */
const LIVER_VESSELS: readonly Tube[] = [
  {
    points: [
      [-8, 8, 70, 7],
      [-26, -4, 84, 7],
      [-44, -8, 96, 6.5],
      [-70, -6, 104, 5],
      [-98, 6, 108, 3],
      [-118, 14, 110, 1.6],
    ],
  },
  {
    points: [
      [-44, -8, 96, 6],
      [-66, 14, 90, 4],
      [-92, 26, 78, 2.6],
      [-108, 34, 70, 1.5],
    ],
  },
  {
    points: [
      [-70, -6, 104, 4.5],
      [-88, -30, 112, 3],
      [-104, -46, 118, 1.6],
    ],
  },
  {
    points: [
      [-44, -8, 96, 6],
      [-30, -30, 112, 5],
      [-14, -48, 122, 3.6],
      [14, -54, 128, 2],
    ],
  },
  {
    points: [
      [-20, 16, 150, 8],
      [-46, 10, 140, 5.5],
      [-78, 4, 126, 4],
      [-104, -8, 108, 2.4],
      [-120, -14, 92, 1.5],
    ],
  },
  {
    points: [
      [-20, 16, 150, 8],
      [-42, -14, 138, 5],
      [-56, -36, 118, 3.4],
      [-66, -50, 98, 1.8],
    ],
  },
  {
    points: [
      [-18, 14, 150, 7],
      [-12, -22, 142, 4.5],
      [2, -44, 134, 2.8],
      [24, -54, 130, 1.6],
    ],
  },
  {
    points: [
      [-46, 10, 140, 4.5],
      [-86, 38, 128, 3],
      [-108, 46, 118, 1.6],
    ],
  },
];

function paintLiver(canvas: Canvas, abdomen: Float32Array): void {
  const { z } = canvas;
  const bounds = [-165, 75, -100, 95] as const;
  const parenchyma = (x: number, y: number): number =>
    110 + 5 * fractal(x, y, z, 8, 82) + 4 * noise3(x / 30, y / 30, z / 30, 83);
  paint(canvas, {
    bounds,
    shape: (x, y, at) => (abdomen[at]! > 2 ? 9 : Math.max(abdomen[at]!, liver(x, y, z))),
    hu: parenchyma,
    tissue: Tissue.liver,
    over: SOFT,
  });
  for (const vessel of LIVER_VESSELS) {
    const reach = tubeBounds(vessel, z, 4);
    if (reach === undefined) continue;
    const shape = (x: number, y: number): number => rough(tube(x, y, z, vessel), 0.5, 7, 84, x, y, z);
    paint(canvas, {
      bounds: reach,
      shape,
      hu: 168,
      tissue: Tissue.liver,
      over: [Tissue.liver, Tissue.cavity],
      edge: 2.2,
    });
  }
  const gallbladder = (x: number, y: number): number =>
    rough(ellipsoid(x, y, z, [-50, -50, 66], [15, 22, 19], 0.3), 1, 12, 85, x, y, z);
  paint(canvas, {
    bounds: around(-50, -50, 32),
    shape: (x, y) => gallbladder(x, y) - 1.6,
    hu: 78,
    tissue: Tissue.gland,
    over: [...SOFT, Tissue.liver],
  });
  paint(canvas, { bounds: around(-50, -50, 30), shape: gallbladder, hu: 11, tissue: Tissue.fluid });
}

function paintSpleen(canvas: Canvas, abdomen: Float32Array): void {
  const { z } = canvas;
  const shape = (x: number, y: number, at: number): number => {
    const outer = ellipsoid(x, y, z, [100, 36, 112], [32, 53, 42], -0.5);
    const hilum = ellipsoid(x, y, z, [62, 10, 112], [25, 34, 60], -0.5);
    const kidneyBed = ellipsoid(x, y, z, [70, 34, 58], [34, 29, 59], -0.5);
    return rough(Math.max(outer, -hilum, -kidneyBed, abdomen[at]!), 1.4, 15, 91, x, y, z);
  };
  const pulp = (x: number, y: number): number => 124 + 5 * fractal(x, y, z, 7, 92);
  paint(canvas, { bounds: around(96, 34, 62, 66), shape, hu: pulp, tissue: Tissue.spleen, over: SOFT });
}

const KIDNEYS = [
  { centre: [-70, 36, 46] as const, angle: 0.5 },
  { centre: [70, 34, 58] as const, angle: -0.5 },
];

function paintKidneys(canvas: Canvas): void {
  const { z } = canvas;
  for (const { centre, angle } of KIDNEYS) {
    if (Math.abs(z - centre[2]) > 60) continue;
    const medial = centre[0] < 0 ? 1 : -1;
    const outer = (x: number, y: number): number =>
      rough(ellipsoid(x, y, z, centre, [29, 24, 54], angle), 1.2, 13, 95, x, y, z);
    const hilum = (x: number, y: number): number =>
      ellipsoid(x, y, z, [centre[0] + medial * 22, centre[1] - 8, centre[2]], [18, 9, 24], angle);
    const bounds = around(centre[0], centre[1], 42);
    const cortex = (x: number, y: number): number => {
      const inner = -outer(x, y);
      const pyramid = inner > 7 && inner < 16 ? Math.max(0, noise3(x / 8, y / 8, z / 10, 96)) : 0;
      return 196 - 52 * pyramid + 5 * fractal(x, y, z, 6, 97);
    };
    paint(canvas, {
      bounds,
      shape: (x, y) => Math.max(outer(x, y), -hilum(x, y)),
      hu: cortex,
      tissue: Tissue.kidney,
      over: [Tissue.cavity, Tissue.liver],
    });
    const sinus = (x: number, y: number): number =>
      rough(
        ellipsoid(x, y, z, [centre[0] + medial * 8, centre[1] - 3, centre[2]], [11, 7, 27], angle),
        3,
        6,
        98,
        x,
        y,
        z,
      );
    paint(canvas, { bounds, shape: sinus, hu: -88, tissue: Tissue.cavity, over: [Tissue.kidney] });
    const pelvis = (x: number, y: number): number =>
      ellipsoid(x, y, z, [centre[0] + medial * 15, centre[1] - 5, centre[2] - 4], [11, 5, 13], angle);
    paint(canvas, { bounds, shape: pelvis, hu: 14, tissue: Tissue.fluid, over: [Tissue.cavity] });
  }
}

const PANCREAS: Tube = {
  points: [
    [-38, -6, 66, 12],
    [-22, -10, 74, 11],
    [2, -22, 84, 8],
    [26, -16, 92, 9],
    [50, 2, 100, 9.5],
    [72, 16, 106, 6],
  ],
};
const ADRENALS: readonly Tube[] = [
  {
    points: [
      [-34, 26, 104, 3],
      [-42, 38, 96, 2.4],
      [-46, 44, 92, 2],
    ],
  },
  {
    points: [
      [-34, 26, 104, 3],
      [-36, 42, 94, 2],
    ],
  },
  {
    points: [
      [34, 22, 106, 3],
      [42, 36, 98, 2.4],
      [46, 42, 92, 2],
    ],
  },
];

function paintGlands(canvas: Canvas): void {
  const { z } = canvas;
  const head = tubeBounds(PANCREAS, z, 5);
  const pancreas = (x: number, y: number): number => rough(tube(x, y, z, PANCREAS), 3, 5.5, 101, x, y, z);
  const lobules = (x: number, y: number): number => 96 + 12 * fractal(x, y, z, 5, 102);
  if (head !== undefined)
    paint(canvas, { bounds: head, shape: pancreas, hu: lobules, tissue: Tissue.gland, over: [Tissue.cavity] });
  for (const limb of ADRENALS) {
    const shape = (x: number, y: number): number => rough(tube(x, y, z, limb), 0.5, 6, 103, x, y, z);
    paint(canvas, { bounds: [-60, 60, 10, 60], shape, hu: 72, tissue: Tissue.gland, over: [Tissue.cavity] });
  }
}

export function paintOrgans(canvas: Canvas): void {
  const { z } = canvas;
  const abdomen = abdomenOf(canvas);
  if (z > 10) paintLiver(canvas, abdomen);
  if (z > 60) paintSpleen(canvas, abdomen);
  paintKidneys(canvas);
  paintGlands(canvas);
}
