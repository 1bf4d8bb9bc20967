import type { SegmentationSummary, SeriesSummary } from './summaries.ts';

/** An image series and the segmentations made on it. */
export interface SeriesBranch {
  readonly series: SeriesSummary;
  readonly segmentations: readonly SegmentationSummary[];
}

export interface SeriesTree {
  readonly branches: readonly SeriesBranch[];
  /** Segmentations whose images are not in the study, or whose header is not known (yet). */
  readonly loose: readonly (SegmentationSummary | SeriesSummary)[];
}

/**
 * Puts each SEG under its images, in order of series number.
 * @param headers what is known of the SEG series' instances
 */
export function seriesTree(series: readonly SeriesSummary[], headers: readonly SegmentationSummary[]): SeriesTree {
  const ordered = [...series].sort((a, b) => (a.number ?? Number.MAX_VALUE) - (b.number ?? Number.MAX_VALUE));
  const images = ordered.filter(({ modality }) => modality !== 'SEG');
  const placed = new Set(images.map(({ seriesInstanceUID }) => seriesInstanceUID));
  const isPlaced = ({ referencedSeriesUID }: SegmentationSummary): boolean =>
    referencedSeriesUID !== undefined && placed.has(referencedSeriesUID);
  const known = new Set(headers.map(({ seriesInstanceUID }) => seriesInstanceUID));
  return {
    branches: images.map((image) => ({
      series: image,
      segmentations: headers.filter(({ referencedSeriesUID }) => referencedSeriesUID === image.seriesInstanceUID),
    })),
    loose: [
      ...headers.filter((header) => !isPlaced(header)),
      ...ordered.filter(({ modality, seriesInstanceUID }) => modality === 'SEG' && !known.has(seriesInstanceUID)),
    ],
  };
}
