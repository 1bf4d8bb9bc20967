import { BODY, type Canvas, paint, xOf, yOf } from './canvas.ts';
import { COLUMNS, Tissue } from './grid.ts';
import { fractal, noise3, rough } from './noise.ts';
import { blend, ellipsoid } from './shapes.ts';

/** Height of the diaphragm, mm: a dome over the liver, a lower one over stomach and spleen, deep recesses at the back. */
export function diaphragm(x: number, y: number): number {
  const right = 166 - ((x + 70) / 11.6) ** 2 - ((y + 6) / 10.5) ** 2;
  const left = 156 - ((x - 72) / 11) ** 2 - ((y + 2) / 10) ** 2;
  const middle = 152 - (x / 6) ** 2 - ((y + 10) / 9) ** 2;
  const dome = -blend(blend(-right, -left, 16), -middle, 16);
  return -blend(-dome, -98, 12) + 1.6 * noise3(x / 22, y / 22, 3, 61);
}

/** What lies between the lungs: spine and great vessels behind, heart and fat in front, narrow in the middle. */
function mediastinum(x: number, y: number, z: number): number {
  const behind = ellipsoid(x, y, z, [0, 46, z], [36, 36, 99]);
  const front = ellipsoid(x, y, z, [18, -36, 186], [66, 46, 56], 0.25);
  const sternal = ellipsoid(x, y, z, [2, -96, z], [34, 26, 99]);
  const waist = ellipsoid(x, y, z, [2, -10, z], [17, 70, 99]);
  return blend(blend(behind, waist, 14), blend(front, sternal, 18), 14) + 1.6 * noise3(x / 16, y / 16, z / 20, 60);
}

/** Lungs with vessels, and the thin muscle under them; the heart where the slices reach it. */
export function paintLungs(canvas: Canvas): void {
  const { z } = canvas;
  if (z < 92) return;
  // Worked out once: muscle, lung and the edge of the lung all need it.
  const field = new Float32Array(canvas.hu.length).fill(20);
  for (let at = 0; at < field.length; at += 1) {
    if (canvas.insideWall[at]! < -4) continue;
    const [x, y] = [xOf(at % COLUMNS), yOf(Math.floor(at / COLUMNS))];
    field[at] = Math.max(1.5 - canvas.insideWall[at]!, (diaphragm(x, y) - z) * 0.55, 1 - mediastinum(x, y, z));
  }
  const lung = (_x: number, _y: number, at: number): number => field[at]!;
  const parenchyma = (x: number, y: number, at: number): number => {
    // Dependent lung is denser; vessels are where two smooth fields are both near zero.
    const first = fractal(x, y, z * 0.8, 19, 62);
    const second = fractal(x + 50, y - 30, z * 0.8, 19, 64);
    const vessel = Math.hypot(first, second);
    const calibre = 0.052 + 0.03 * noise3(x / 40, y / 40, z / 40, 65);
    const base =
      -868 + 34 * fractal(x, y, z, 6, 66) + 0.35 * Math.max(0, y) + 60 * Math.exp(-Math.max(0, -field[at]!) / 3);
    return vessel < calibre
      ? 40
      : vessel < calibre * 1.8
        ? base + (40 - base) * ((calibre * 1.8 - vessel) / (calibre * 0.8))
        : base;
  };
  paint(canvas, {
    bounds: BODY,
    shape: lung,
    hu: parenchyma,
    tissue: Tissue.lung,
    over: [Tissue.cavity],
  });
  // The diaphragm, and the pleura beside the mediastinum.
  paint(canvas, {
    bounds: BODY,
    shape: (_x, _y, at) => field[at]! - 2,
    hu: 40,
    tissue: Tissue.muscle,
    over: [Tissue.cavity],
  });
  paintHeart(canvas);
}

function paintHeart(canvas: Canvas): void {
  const { z } = canvas;
  if (z < 132) return;
  const heart = (x: number, y: number): number =>
    rough(ellipsoid(x, y, z, [22, -34, 186], [56, 38, 44], 0.35), 2, 22, 71, x, y, z);
  const bounds = [-50, 95, -85, 30] as const;
  const over = [Tissue.cavity, Tissue.lung, Tissue.muscle];
  paint(canvas, {
    bounds,
    shape: (x, y) => heart(x, y) - 6,
    hu: -92,
    tissue: Tissue.cavity,
    over: [Tissue.lung, Tissue.muscle],
  });
  paint(canvas, { bounds, shape: heart, hu: (x, y) => 108 + 6 * fractal(x, y, z, 9, 72), tissue: Tissue.heart, over });
  const chamber = (x: number, y: number): number =>
    Math.min(
      ellipsoid(x, y, z, [38, -30, 190], [26, 17, 32], 0.35),
      ellipsoid(x, y, z, [0, -38, 192], [24, 22, 34], 0.5),
    ) +
    1.5 * noise3(x / 12, y / 12, z / 12, 73);
  paint(canvas, { bounds, shape: chamber, hu: 158, tissue: Tissue.vessel, over: [Tissue.heart], edge: 3 });
}
