import { ok, type Result } from '#core/result.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import { maskBox, maskPixels } from '../mask/measure.ts';
import { slicesToRefine } from '../volume/combine.ts';
import { fitsFrame } from './lesionFrame.ts';
import { lookAhead } from './lookAhead.ts';
import { maskOfBoth } from './maskOfBoth.ts';
import type { LesionSlice } from './segmentLesion.ts';
import type { SliceSegmenter } from './sliceSegmenter.ts';
import type { VolumeLesion } from './volumeSegmenter.ts';

/**
 * Has the promptable model look again at the slices that the volume model doubts, with the box of its mask as the prompt.
 * Slices whose box does not fit the frame, or where nothing would be left, stay as they are.
 * @param report called for each slice made anew
 * @returns errors of the source and of the promptable model
 */
export async function refineSlices(
  segmenter: SliceSegmenter,
  { combination, prompt: { maskThreshold } }: VolumeManifest,
  found: VolumeLesion,
  slices: readonly LesionSlice[],
  report: (slice: LesionSlice) => void,
  signal: AbortSignal | undefined,
): Promise<Result<undefined>> {
  if (combination.rule === 'volume') return ok(undefined);
  const { columns, geometry } = found;
  const byModel = slices.filter(({ origin }) => origin === 'volume');
  const doubtful = slicesToRefine(combination, byModel).flatMap((k) => {
    const slice = byModel.find((each) => each.k === k)!;
    return slice.box === undefined || !fitsFrame(slice.box, segmenter.frame) ? [] : [{ slice, box: slice.box }];
  });
  const ahead = lookAhead(segmenter, signal);
  for (const [index, { slice, box: drawn }] of doubtful.entries()) {
    if (signal?.aborted) break;
    const { k } = slice;
    ahead.towards(doubtful.slice(index).map((each) => each.slice.k));
    const prompt = { box: drawn, points: [] };
    const options = { signal, priority: 'propagation' } as const;
    const made = await maskOfBoth(segmenter, found, { k, ...prompt }, maskThreshold, combination, options);
    if (signal?.aborted) break;
    if (!made.ok) {
      ahead.end();
      return made;
    }
    const mask = made.value;
    const box = maskBox(mask, columns);
    if (box === undefined) continue;
    const area = maskPixels(mask) * geometry.columnSpacing * geometry.rowSpacing;
    report({ ...slice, mask, box, area, origin: 'refined', prompt });
  }
  ahead.end();
  return ok(undefined);
}
