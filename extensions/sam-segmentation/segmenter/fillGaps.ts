import { interpolateMasks } from '#core/labelmap/signedDistance.ts';
import { ok, type Result } from '#core/result.ts';
import type { LesionSlice } from './segmentLesion.ts';
import type { SliceSegmenter } from './sliceSegmenter.ts';

/**
 * Slices whose mask came out empty between two good ones get the shape between them: a lesion does not skip a slice, a model
 * does.
 * @param report called for each slice made
 */
export async function fillGaps(
  segmenter: SliceSegmenter,
  slices: ReadonlyMap<number, LesionSlice>,
  report: (slice: LesionSlice) => void,
): Promise<Result<undefined>> {
  const { positions, columnSpacing, rowSpacing } = segmenter.source.geometry;
  const good = [...slices.values()].filter(({ box }) => box !== undefined).sort((a, b) => a.k - b.k);
  const empty = [...slices.values()].filter(({ box, origin }) => box === undefined && origin === 'planned');
  for (const { k, prompt } of empty) {
    const below = good.filter((slice) => slice.k < k).at(-1);
    const above = good.find((slice) => slice.k > k);
    if (below === undefined || above === undefined) continue;
    const share = (positions[k]! - positions[below.k]!) / (positions[above.k]! - positions[below.k]!);
    const size = { column: columnSpacing, row: rowSpacing };
    const mask = interpolateMasks(below.mask, above.mask, share, segmenter.source.columns, size);
    const measured = await segmenter.measure(k, mask);
    if (!measured.ok) return measured;
    if (measured.value.box !== undefined)
      report({ ...measured.value, k, origin: 'interpolated', score: undefined, prompt });
  }
  return ok(undefined);
}
