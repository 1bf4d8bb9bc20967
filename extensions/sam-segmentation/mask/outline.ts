/** Corner of pixels: (x, y) is the upper left corner of pixel (x, y), half a pixel before its centre. */
export type PixelCorner = readonly [x: number, y: number];

/**
 * The border of a mask along the edges of its pixels, as closed loops: the mask lies to the right of each step, so outer borders
 * run clockwise on the screen and holes the other way. Pixels that touch at a corner only are parted.
 * @param mask 0 or 1 by pixel, index = y * columns + x
 */
export function outlineOf(mask: Uint8Array, columns: number): readonly (readonly PixelCorner[])[] {
  const rows = columns === 0 ? 0 : mask.length / columns;
  const isSet = (x: number, y: number): boolean =>
    x >= 0 && x < columns && y >= 0 && y < rows && mask[y * columns + x] === 1;
  const width = columns + 1;
  // Steps by the corner at which they begin; two where pixels touch at a corner.
  const steps = new Map<number, Step[]>();
  const add = (x: number, y: number, heading: Heading): void => {
    const from = y * width + x;
    const known = steps.get(from);
    if (known === undefined) steps.set(from, [{ heading, used: false }]);
    else known.push({ heading, used: false });
  };
  for (let index = mask.indexOf(1); index !== -1; index = mask.indexOf(1, index + 1)) {
    const x = index % columns;
    const y = (index - x) / columns;
    if (!isSet(x, y - 1)) add(x, y, 0);
    if (!isSet(x + 1, y)) add(x + 1, y, 1);
    if (!isSet(x, y + 1)) add(x + 1, y + 1, 2);
    if (!isSet(x - 1, y)) add(x, y + 1, 3);
  }
  const loops: PixelCorner[][] = [];
  for (const [from, starting] of steps) {
    for (const first of starting) if (!first.used) loops.push(follow(steps, from, first, width));
  }
  return loops;
}

/** Right, down, left, up. */
type Heading = 0 | 1 | 2 | 3;

interface Step {
  readonly heading: Heading;
  used: boolean;
}

const ACROSS = [1, 0, -1, 0] as const;
const DOWN = [0, 1, 0, -1] as const;

function follow(steps: ReadonlyMap<number, readonly Step[]>, from: number, first: Step, width: number): PixelCorner[] {
  const loop: PixelCorner[] = [];
  let at = from;
  let step: Step | undefined = first;
  let before: Heading | undefined;
  while (step !== undefined && !step.used) {
    step.used = true;
    if (step.heading !== before) loop.push([at % width, Math.floor(at / width)]);
    before = step.heading;
    at += ACROSS[step.heading] + DOWN[step.heading] * width;
    const open: readonly Step[] = steps.get(at)?.filter(({ used }) => !used) ?? [];
    // Where two borders meet, the one that turns right stays on its own pixel.
    const right: number = (step.heading + 1) % 4;
    step = open.find(({ heading }) => heading === right) ?? open[0];
  }
  // The loop may have begun in the middle of a straight line.
  if (loop.length > 4 && before === first.heading) loop.shift();
  return loop;
}
