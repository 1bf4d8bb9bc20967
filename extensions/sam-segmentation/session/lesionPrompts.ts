import type { SliceBox, SlicePoint } from '#core/geometry/coordinates.ts';
import type { SegmentVoxels, SliceMask } from '#core/labelmap/labelmap.ts';
import type { SlicePrompt } from '../prompt/modelPrompt.ts';

/** Slices beyond which the reader wants nothing; undefined where the reader has not said. Inclusive. */
export interface SliceRange {
  readonly first: number | undefined;
  readonly last: number | undefined;
}

export type End = 'first' | 'last';

/** What the reader said of one slice: a box and points for the model, or the mask itself. */
export interface ReaderPrompt extends SlicePrompt {
  /** Painted by hand or by rule: kept as it is, and never asked of the model; `box` is then its tight box. */
  readonly painted?: SliceMask;
}

/** Voxels of a segment that are to go when the lesion is accepted into it: the reader erased them. Never an empty mask. */
export interface Erasure {
  readonly segment: number;
  readonly slices: SegmentVoxels;
}

/** All that the reader has said about one lesion. Never empty while a lesion is being worked on. */
export interface LesionPrompts {
  /** By slice k, one box each. */
  readonly slices: ReadonlyMap<number, ReaderPrompt>;
  readonly range: SliceRange;
  readonly erased?: Erasure;
}

const OPEN_RANGE: SliceRange = { first: undefined, last: undefined };

export const promptsOf = (k: number, box: SliceBox): LesionPrompts => ({
  slices: new Map([[k, { box, points: [] }]]),
  range: OPEN_RANGE,
});

/**
 * A new box replaces the slice's old one. Points that it no longer contains belonged to another idea of the lesion and go; a
 * range that would exclude the slice grows to it.
 */
export function withBox(prompts: LesionPrompts, k: number, box: SliceBox): LesionPrompts {
  const points = (prompts.slices.get(k)?.points ?? []).filter(({ at }) => contains(box, at));
  const { first, last } = prompts.range;
  return {
    ...prompts,
    slices: withSlice(prompts, k, { box, points }),
    range: {
      first: first === undefined ? undefined : Math.min(first, k),
      last: last === undefined ? undefined : Math.max(last, k),
    },
  };
}

/** Adds a point; the slice needs a box, given here where the reader has not drawn one. */
export function withPoint(
  prompts: LesionPrompts,
  k: number,
  point: { readonly at: SlicePoint; readonly inside: boolean },
  box: SliceBox,
): LesionPrompts {
  const slice = prompts.slices.get(k) ?? { box, points: [] };
  const extended = withBox(prompts, k, slice.box);
  return { ...extended, slices: withSlice(extended, k, { box: slice.box, points: [...slice.points, point] }) };
}

/** The slice is what the reader made of it, whatever was asked of the model before. */
export function withPainted(
  prompts: LesionPrompts,
  k: number,
  { mask, box }: { readonly mask: SliceMask; readonly box: SliceBox },
): LesionPrompts {
  const extended = withBox(prompts, k, box);
  return { ...extended, slices: withSlice(extended, k, { box, points: [], painted: mask }) };
}

export function withMovedPoint(prompts: LesionPrompts, k: number, index: number, at: SlicePoint): LesionPrompts {
  const slice = prompts.slices.get(k);
  if (slice?.points[index] === undefined) return prompts;
  const points = slice.points.map((point, position) => (position === index ? { ...point, at } : point));
  return { ...prompts, slices: withSlice(prompts, k, { ...slice, points }) };
}

export function withoutPoint(prompts: LesionPrompts, k: number, index: number): LesionPrompts {
  const slice = prompts.slices.get(k);
  if (slice?.points[index] === undefined) return prompts;
  return {
    ...prompts,
    slices: withSlice(prompts, k, { ...slice, points: slice.points.filter((_, at) => at !== index) }),
  };
}

/** Forgets a slice's prompts; undefined when nothing is left of the lesion. */
export function withoutSlice(prompts: LesionPrompts, k: number): LesionPrompts | undefined {
  if (!prompts.slices.has(k)) return prompts;
  const slices = new Map(prompts.slices);
  slices.delete(k);
  return slices.size === 0 ? undefined : { ...prompts, slices };
}

/** Sets one end of the range; it cannot cut off a slice on which the reader has drawn. */
export function withEnd(prompts: LesionPrompts, end: End, k: number, slicesInStack: number): LesionPrompts {
  const prompted = promptedSlices(prompts);
  const lowest = prompted[0] ?? 0;
  const highest = prompted.at(-1) ?? slicesInStack - 1;
  const clamped = end === 'first' ? clamp(k, 0, lowest) : clamp(k, highest, slicesInStack - 1);
  if (prompts.range[end] === clamped) return prompts;
  return { ...prompts, range: { ...prompts.range, [end]: clamped } };
}

/** Sets both ends. */
export const withRange = (
  prompts: LesionPrompts,
  { first, last }: { readonly first: number; readonly last: number },
  slicesInStack: number,
): LesionPrompts => withEnd(withEnd(prompts, 'first', first, slicesInStack), 'last', last, slicesInStack);

/** @param mask undefined where nothing of the segment is to go on slice k */
export function withErased(
  prompts: LesionPrompts,
  k: number,
  { segment, mask }: { readonly segment: number; readonly mask: SliceMask | undefined },
): LesionPrompts {
  const slices = new Map(prompts.erased?.segment === segment ? prompts.erased.slices : []);
  if (mask === undefined) slices.delete(k);
  else slices.set(k, mask);
  return { ...prompts, erased: { segment, slices } };
}

/** Slices with a box, ascending. */
export const promptedSlices = (prompts: LesionPrompts): readonly number[] =>
  [...prompts.slices.keys()].sort((a, b) => a - b);

/** Boxes, points and painted slices: what the SEG's algorithm parameters tell. */
export const promptCount = (
  prompts: LesionPrompts,
): { readonly boxes: number; readonly points: number; readonly painted: number } => ({
  boxes: [...prompts.slices.values()].filter(({ painted }) => painted === undefined).length,
  painted: [...prompts.slices.values()].filter(({ painted }) => painted !== undefined).length,
  points: [...prompts.slices.values()].reduce((sum, { points }) => sum + points.length, 0),
});

function withSlice(prompts: LesionPrompts, k: number, prompt: ReaderPrompt): ReadonlyMap<number, ReaderPrompt> {
  return new Map(prompts.slices).set(k, prompt);
}

const contains = ({ x0, y0, x1, y1 }: SliceBox, [x, y]: SlicePoint): boolean =>
  x >= x0 && x <= x1 && y >= y0 && y <= y1;

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
