import type { StudySource } from '#extension-api';
import type { Progress } from './createStudyBrowser.ts';
import { type SegmentationSummary, type SeriesSummary, segmentationSummary, seriesSummary } from './summaries.ts';

export interface SeriesListing {
  readonly progress: Progress;
  readonly series: readonly SeriesSummary[];
  /** Instances of the SEG series whose headers have been read. */
  readonly segmentations: readonly SegmentationSummary[];
}

/**
 * Lists the series of a study, then reads the headers of its SEG series one after the other, because only they say which images
 * they belong to. A SEG whose header cannot be read stays in the list of series.
 * @param onChange called with each state on the way
 */
export async function loadSeries(
  source: StudySource,
  studyInstanceUID: string,
  signal: AbortSignal,
  onChange: (listing: SeriesListing) => void,
): Promise<SeriesListing> {
  let listing: SeriesListing = { progress: { kind: 'loading' }, series: [], segmentations: [] };
  const show = (change: Partial<SeriesListing>): void => {
    listing = { ...listing, ...change };
    onChange(listing);
  };
  try {
    const answer = await source.listSeries(studyInstanceUID, { signal });
    if (!answer.ok) {
      show({ progress: { kind: 'failed', error: answer.error } });
      return listing;
    }
    const series = answer.value.flatMap((dataset) => seriesSummary(dataset) ?? []);
    show({ series, progress: { kind: 'ready' } });
    for (const { modality, seriesInstanceUID } of series) {
      if (modality !== 'SEG') continue;
      const headers = await source.seriesHeaders(studyInstanceUID, seriesInstanceUID, { signal });
      if (!headers.ok) continue;
      const found = headers.value.flatMap((header) => segmentationSummary(header) ?? []);
      show({ segmentations: [...listing.segmentations, ...found] });
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
  return listing;
}
