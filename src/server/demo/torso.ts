import { BODY, type Canvas, paint, xOf, yOf } from './canvas.ts';
import { COLUMNS, ROWS, Tissue } from './grid.ts';
import { fractal, noise3, rough } from './noise.ts';
import { ellipsoid } from './shapes.ts';

const SQUARENESS = 2.35;

/** mm below the skin along the ray from the body's axis; negative outside. `px` and `py` are the two terms of the superellipse. */
function depth(x: number, y: number, z: number, px: number, py: number): number {
  const rho = (px + py) ** (1 / SQUARENESS);
  if (rho < 1e-3) return 110;
  const below = Math.sqrt(x * x + y * y) * (1 / rho - 1);
  return below < -3 ? below : below + 1.2 * noise3(x / 40, y / 40, z / 40, 11);
}

/** 0 at the back's midline, half at the flank, 1 at the front's midline. */
export const turn = (x: number, y: number): number => Math.atan2(Math.abs(x), y) / Math.PI;

const fatThickness = (x: number, y: number, z: number, t: number): number =>
  11 + 9 * Math.sin(Math.PI * t) ** 2 + 7 * t * t - 4 * (z / 180) + 1.5 * noise3(x / 30, y / 30, z / 50, 12);
const muscleThickness = (x: number, y: number, z: number, t: number): number => {
  const midline = Math.exp(-((x / 5) ** 2)) * (t > 0.5 ? 5 : 0);
  return 11 + 2 * Math.sin(2 * Math.PI * t) - midline - 2 * (z / 180) + noise3(x / 25, y / 25, z / 40, 13);
};

/** An empty slice at height z, with the body wall's surfaces worked out for every pixel. */
export function emptyCanvas(z: number): Canvas {
  const size = ROWS * COLUMNS;
  const canvas: Canvas = {
    z,
    hu: new Float32Array(size).fill(-1000),
    tissue: new Uint8Array(size),
    depth: new Float32Array(size).fill(-50),
    insideFat: new Float32Array(size).fill(-50),
    insideWall: new Float32Array(size).fill(-50),
  };
  // Half width and half depth; the back lies on the table, flatter than the belly.
  const a = 163 + 5 * Math.sin(z / 60);
  const b = 112 + 3 * Math.cos(z / 45);
  const px = Float64Array.from({ length: COLUMNS }, (_, column) => (Math.abs(xOf(column)) / a) ** SQUARENESS);
  const py = Float64Array.from(
    { length: ROWS },
    (_, row) => (Math.abs(yOf(row)) / (yOf(row) > 0 ? 0.93 * b : b)) ** SQUARENESS,
  );
  for (let row = 0; row < ROWS; row += 1) {
    const y = yOf(row);
    if (Math.abs(y) > 120) continue;
    for (let column = 0; column < COLUMNS; column += 1) {
      const x = xOf(column);
      if (Math.abs(x) > 175) continue;
      const at = row * COLUMNS + column;
      const below = depth(x, y, z, px[column]!, py[row]!);
      canvas.depth[at] = below;
      if (below < 0) continue;
      const t = turn(x, y);
      const inFat = below - fatThickness(x, y, z, t);
      canvas.insideFat[at] = inFat;
      canvas.insideWall[at] = inFat - (inFat > 40 ? 11 : muscleThickness(x, y, z, t));
    }
  }
  return canvas;
}

/** Table, skin, fat, muscle, and the fat that fills the cavity. */
export function paintTorso(canvas: Canvas): void {
  const { z } = canvas;
  const tableTop = (x: number): number => 104.5 - (x / 210) ** 2 * 22;
  const tableShape = (x: number, y: number): number => Math.max(Math.abs(y - tableTop(x) - 14) - 12, Math.abs(x) - 195);
  paint(canvas, { bounds: [-200, 200, 80, 150], shape: tableShape, hu: -880, tissue: Tissue.table });
  const shell = (x: number, y: number): number => Math.abs(tableShape(x, y) + 1.2) - 1.2;
  paint(canvas, { bounds: [-200, 200, 80, 150], shape: shell, hu: -250, tissue: Tissue.table });
  paint(canvas, { bounds: BODY, shape: (_x, _y, at) => -canvas.depth[at]!, hu: 5, tissue: Tissue.skin });
  const streaks = (x: number, y: number): number => {
    const septum = Math.abs(fractal(x, y, z * 0.7, 17, 21));
    return -108 + 5 * noise3(x / 9, y / 9, z / 9, 22) + (septum < 0.035 ? 34 : 0);
  };
  paint(canvas, { bounds: BODY, shape: (_x, _y, at) => 2.1 - canvas.depth[at]!, hu: streaks, tissue: Tissue.fat });
  const muscle = (x: number, y: number): number => 58 + 7 * fractal(x, y, z, 11, 23);
  paint(canvas, { bounds: BODY, shape: (_x, _y, at) => -canvas.insideFat[at]!, hu: muscle, tissue: Tissue.muscle });
  // Fat planes between the layers of the flank.
  const plane = (x: number, y: number, at: number): number => {
    const t = turn(x, y);
    if (t < 0.35 || t > 0.82) return 9;
    const inner = canvas.insideFat[at]!;
    return Math.min(Math.abs(inner - 4.2), Math.abs(inner - 8)) - 0.35;
  };
  paint(canvas, { bounds: BODY, shape: plane, hu: -60, tissue: Tissue.muscle, over: [Tissue.muscle], edge: 1.2 });
  const mesentery = (x: number, y: number): number => -100 + 6 * fractal(x, y, z, 14, 24);
  paint(canvas, { bounds: BODY, shape: (_x, _y, at) => -canvas.insideWall[at]!, hu: mesentery, tissue: Tissue.cavity });
  paintBackMuscles(canvas);
}

function paintBackMuscles(canvas: Canvas): void {
  const { z } = canvas;
  const fibres = (x: number, y: number): number => {
    const marbling = fractal(x * 1.2, y, z / 3, 7, 25);
    return 60 + 6 * fractal(x, y, z / 2, 9, 26) - (marbling > 0.42 ? 70 * (marbling - 0.42) * 3 : 0);
  };
  const psoas = Math.max(0, Math.min(19, (128 - z) / 5.5));
  for (const side of [-1, 1]) {
    const erector = (x: number, y: number): number =>
      rough(ellipsoid(x, y, z, [side * 33, 74, z], [29, 19, 99], side * 0.22), 1.8, 14, 27, x, y, z);
    paint(canvas, {
      bounds: [side * 33 - 40, side * 33 + 40, 45, 108],
      shape: erector,
      hu: fibres,
      tissue: Tissue.muscle,
    });
    if (psoas > 3) {
      const shape = (x: number, y: number): number =>
        rough(
          ellipsoid(x, y, z, [side * (27 + psoas * 0.55), 40, z], [psoas * 0.85, psoas, 99], side * 0.35),
          1.2,
          12,
          28,
          x,
          y,
          z,
        );
      paint(canvas, { bounds: [side * 40 - 32, side * 40 + 32, 12, 70], shape, hu: fibres, tissue: Tissue.muscle });
    }
    const quadratus = (x: number, y: number): number =>
      rough(ellipsoid(x, y, z, [side * 56, 66, 20], [7, 17, 80], side * 1.05), 1.2, 12, 29, x, y, z);
    paint(canvas, {
      bounds: [side * 63 - 30, side * 63 + 30, 35, 85],
      shape: quadratus,
      hu: fibres,
      tissue: Tissue.muscle,
    });
    // The crura of the diaphragm, beside the aorta.
    const crus = (x: number, y: number): number =>
      rough(ellipsoid(x, y, z, [4 + side * 15, 20, 130], [4, 14, 60], side * 0.4), 1, 9, 30, x, y, z);
    paint(canvas, { bounds: [-40, 45, 0, 50], shape: crus, hu: 62, tissue: Tissue.muscle });
  }
}
