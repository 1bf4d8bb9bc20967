/** One axial slice being painted: Hounsfield units and what tissue each pixel is. */
import { COLUMNS, PIXEL_MM, ROWS } from './grid.ts';

export interface Canvas {
  readonly z: number;
  readonly hu: Float32Array;
  /** Tissue of each pixel; see {@link Tissue}. */
  readonly tissue: Uint8Array;
  /** mm below the skin; negative outside. */
  readonly depth: Float32Array;
  /** mm inside the outer surface of the body wall's muscle. */
  readonly insideFat: Float32Array;
  /** mm inside the inner surface of the body wall. */
  readonly insideWall: Float32Array;
}

/** Box in mm: x0, x1, y0, y1. */
export type Bounds = readonly [number, number, number, number];

export interface Paint {
  readonly bounds: Bounds;
  /** Signed distance from the surface, mm. */
  readonly shape: (x: number, y: number, at: number) => number;
  readonly hu: number | ((x: number, y: number, at: number) => number);
  readonly tissue: number;
  /** Only pixels of these tissues are painted. */
  readonly over?: readonly number[];
  /** Width of the edge, mm: partial volume and the scanner's resolution. */
  readonly edge?: number;
}

export function paint(canvas: Canvas, { bounds, shape, hu, tissue, over, edge = 1.6 }: Paint): void {
  const first = Math.max(0, columnOf(bounds[0]));
  const last = Math.min(COLUMNS - 1, columnOf(bounds[1]));
  const bottom = Math.min(ROWS - 1, rowOf(bounds[3]));
  const paintable = over && tissueTable(over);
  for (let row = Math.max(0, rowOf(bounds[2])); row <= bottom; row += 1) {
    const y = yOf(row);
    for (let column = first; column <= last; column += 1) {
      const at = row * COLUMNS + column;
      if (paintable !== undefined && paintable[canvas.tissue[at]!] === 0) continue;
      const x = xOf(column);
      const cover = 0.5 - shape(x, y, at) / edge;
      if (!(cover > 0)) continue;
      const value = typeof hu === 'number' ? hu : hu(x, y, at);
      canvas.hu[at] = canvas.hu[at]! + (value - canvas.hu[at]!) * Math.min(1, cover);
      if (cover >= 0.5) canvas.tissue[at] = tissue;
    }
  }
}

function tissueTable(tissues: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const tissue of tissues) table[tissue] = 1;
  return table;
}

export const xOf = (column: number): number => (column - (COLUMNS - 1) / 2) * PIXEL_MM;
export const yOf = (row: number): number => (row - (ROWS - 1) / 2) * PIXEL_MM;
const columnOf = (x: number): number => Math.floor(x / PIXEL_MM + (COLUMNS - 1) / 2);
const rowOf = (y: number): number => Math.floor(y / PIXEL_MM + (ROWS - 1) / 2);

/** Box around an ellipsoid or a group of points. */
export const around = (x: number, y: number, reachX: number, reachY = reachX): Bounds => [
  x - reachX,
  x + reachX,
  y - reachY,
  y + reachY,
];
/** Nothing of the body lies outside. */
export const BODY: Bounds = [-175, 175, -120, 120];
