import { valueScaleOf } from '#core/dicom/valueScale.ts';
import { appError } from '#core/errors.ts';
import { voxelsOf } from '#core/labelmap/labelmap.ts';
import type { Host } from '#extension-api';
import { text } from '../text.ts';
import { measureIntensity, measureShape } from './measureSegment.ts';
import { resultsCsv, resultsText, type SegmentResults } from './resultsTable.ts';

export type ResultsForm = 'text' | 'csv';

/** Puts the measurements of all segments on the clipboard: of segments alone, with nothing of the patient. */
export async function copyResults(host: Host, form: ResultsForm): Promise<void> {
  const { notices } = host;
  const failed = (cause?: unknown): void =>
    notices.show({
      kind: 'error',
      error: appError('copy-failed', text.results.failed, { remedy: text.results.failedRemedy, cause }),
    });
  const results = await measured(host);
  if (results === undefined) return;
  const words = form === 'csv' ? resultsCsv(results) : resultsText(results);
  try {
    await navigator.clipboard.writeText(words);
  } catch (thrown) {
    failed(thrown);
    return;
  }
  notices.show({ kind: 'success', title: text.results.copied(results.length) });
}

async function measured({ viewer, labelmap }: Host): Promise<readonly SegmentResults[] | undefined> {
  const series = viewer.openSeries.getState()?.series;
  const now = labelmap.state.getState().journal.labelmap;
  if (series === undefined) return undefined;
  const results: SegmentResults[] = [];
  for (const segment of now.segments) {
    const intensity = await measureIntensity(voxelsOf(now, segment.number), series, viewer, {});
    results.push({
      segment,
      shape: measureShape(now, segment.number, series),
      // Where the pixels cannot be read there is no number; the shape is known all the same.
      intensity: intensity.ok ? intensity.value : undefined,
      units: valueScaleOf(series).units,
    });
  }
  return results;
}
