import type { SliceBox } from '#core/geometry/coordinates.ts';
import { slicePoint } from '#core/geometry/coordinates.ts';
import type { Host } from '#extension-api';
import { boxAround, boxExtent, clampBox } from '../prompt/sliceBox.ts';
import type { Lesion } from './sessionState.ts';
import { lesionResults } from './shownMasks.ts';

/** Side of a box that is placed without a pointer, as a share of the shorter image side. */
const DEFAULT_SHARE = 0.125;

/**
 * A box for the slice in view, placed without a pointer: what was asked of this slice before, else the box of the nearest slice
 * that has one, else the middle of the image. Arrows put it right.
 */
export function keyboardBox(
  { viewer }: Host,
  lesion: Lesion | undefined,
): { readonly k: number; readonly box: SliceBox } | undefined {
  const plane = viewer.openSeries.getState()?.series.stack.planes[viewer.currentSlice.getState()];
  if (plane === undefined) return undefined;
  const k = viewer.currentSlice.getState();
  const known = [...(lesion === undefined ? [] : lesionResults(lesion))].sort(
    ([a], [b]) => Math.abs(a - k) - Math.abs(b - k),
  )[0]?.[1].box;
  const side = Math.round(DEFAULT_SHARE * Math.min(plane.columns, plane.rows));
  const middle = slicePoint((plane.columns - 1) / 2, (plane.rows - 1) / 2);
  return { k, box: known ?? boxAround(middle, side, side) };
}

/** The box that an arrow key makes of another; undefined for other keys. Steps are a tenth of the box, at least a pixel. */
export function movedBox(
  box: SliceBox,
  key: string,
  resize: boolean,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): SliceBox | undefined {
  const sign = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (sign === undefined) return undefined;
  const { width, height } = boxExtent(box);
  const dx = sign[0]! * Math.max(1, Math.round(width / 10));
  const dy = sign[1]! * Math.max(1, Math.round(height / 10));
  const moved = resize
    ? { ...box, x1: Math.max(box.x0 + 2, box.x1 + dx), y1: Math.max(box.y0 + 2, box.y1 + dy) }
    : { x0: box.x0 + dx, x1: box.x1 + dx, y0: box.y0 + dy, y1: box.y1 + dy };
  return clampBox(moved, columns, rows);
}
