import type { SliceMask } from '#core/labelmap/labelmap.ts';

/** Corners of a closed polygon on the lattice of pixel corners: (0, 0) is the outer corner of pixel (0, 0), whose centre is at (0.5, 0.5). */
export type Polygon = readonly (readonly [x: number, y: number])[];

/** A corner of the pixel lattice on a polygon, with the corner that follows. */
interface Corner {
  readonly x: number;
  readonly y: number;
  /** Absent only while the loop is being walked. */
  next?: Corner;
}

interface Loop {
  readonly start: Corner;
  readonly hole: boolean;
  /** Lattice row of its topmost corner. */
  readonly top: number;
}

/**
 * Outlines of a mask along the edges of its pixels: no edge passes through a pixel centre, so a fill at pixel centres gives the
 * mask back, whichever fill rule is used, and the enclosed area is that of the pixels. One polygon for each 4-connected part, clockwise as
 * displayed. A hole is joined to its part by a channel of no width (keyhole technique, PS3.3 C.8.8.6.3): readers that add up contours and readers
 * that exclusive-or them agree on it.
 */
export function maskContours(mask: SliceMask, columns: number): readonly Polygon[] {
  const corners = new Map<number, Corner>();
  const loops = traceLoops(mask, columns, corners);
  // A hole's channel ends at a loop that begins higher: from the top, that loop has been joined already.
  for (const hole of loops.filter((loop) => loop.hole).sort((a, b) => a.top - b.top)) {
    join(hole, columns, corners);
  }
  return loops.filter((loop) => !loop.hole).map(({ start }) => withoutStraightCorners(start));
}

/** East, south, west, north: turning right is the next one. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** Every loop of pixel edges, walked with the mask on the right; at a corner that two pixels share diagonally it turns right, so they stay apart. */
function traceLoops(mask: SliceMask, columns: number, corners: Map<number, Corner>): readonly Loop[] {
  const rows = mask.length / columns;
  const width = columns + 1;
  const set = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < columns && y < rows && mask[y * columns + x] === 1;
  /** Upper edges walked already, by pixel: every loop has one. */
  const walked = new Uint8Array(mask.length);
  const loops: Loop[] = [];
  for (let from = mask.indexOf(1); from !== -1; from = mask.indexOf(1, from + 1)) {
    const x0 = from % columns;
    const y0 = (from - x0) / columns;
    if (walked[from] === 1 || set(x0, y0 - 1)) continue;
    let [x, y, heading] = [x0, y0, 0];
    let [area, top] = [0, y0];
    let start: Corner | undefined;
    let last: Corner | undefined;
    do {
      const corner: Corner = { x, y };
      corners.set(y * width + x, corner);
      start ??= corner;
      if (last !== undefined) last.next = corner;
      last = corner;
      if (heading === 0) walked[y * columns + x] = 1;
      top = Math.min(top, y);
      const [dx, dy] = STEPS[heading]!;
      area += x * dy - y * dx;
      x += dx;
      y += dy;
      // The two pixels ahead of the corner reached: to the right of the heading, and to the left.
      const right = set(x + AHEAD_RIGHT[heading]![0], y + AHEAD_RIGHT[heading]![1]);
      const left = set(x + AHEAD_LEFT[heading]![0], y + AHEAD_LEFT[heading]![1]);
      if (!right) heading = (heading + 1) % 4;
      else if (left) heading = (heading + 3) % 4;
    } while (x !== x0 || y !== y0 || heading !== 0);
    last.next = start;
    loops.push({ start, hole: area < 0, top });
  }
  return loops;
}

/** Offsets from a corner to the pixel ahead of it on the right and on the left, by heading. */
const AHEAD_RIGHT = [
  [0, 0],
  [-1, 0],
  [-1, -1],
  [0, -1],
] as const;
const AHEAD_LEFT = [
  [0, -1],
  [0, 0],
  [-1, 0],
  [-1, -1],
] as const;

/** Leads the loop around a hole up to the nearest corner above and back: both pixels beside the channel belong to the part. */
function join({ start, top }: Loop, columns: number, corners: ReadonlyMap<number, Corner>): void {
  let highest = start;
  for (let corner = start.next!; corner !== start; corner = corner.next!) {
    if (corner.y === top && (highest.y > top || corner.x < highest.x)) highest = corner;
  }
  let last = highest;
  while (last.next !== highest) last = last.next!;
  const width = columns + 1;
  let y = top - 1;
  while (!corners.has(y * width + highest.x)) y -= 1;
  const above = corners.get(y * width + highest.x)!;
  // above, highest, around the hole, highest again, above again, and on as before.
  const aboveAgain: Corner = { x: above.x, y: above.y, next: above.next! };
  last.next = { x: highest.x, y: highest.y, next: aboveAgain };
  above.next = highest;
}

/** A corner where the outline goes straight on says nothing; where a channel turns back it does. */
function withoutStraightCorners(start: Corner): Polygon {
  const polygon: [number, number][] = [];
  let before = start;
  let corner = start.next!;
  const begin = corner;
  do {
    const next = corner.next!;
    const straight =
      Math.sign(corner.x - before.x) === Math.sign(next.x - corner.x) &&
      Math.sign(corner.y - before.y) === Math.sign(next.y - corner.y);
    if (!straight) polygon.push([corner.x, corner.y]);
    before = corner;
    corner = next;
  } while (corner !== begin);
  return polygon;
}
