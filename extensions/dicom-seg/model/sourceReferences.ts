import { type DicomDataset, text, texts } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { element, sequence } from './element.ts';
import { SegTag } from './tags.ts';

/**
 * Common Instance Reference (PS3.3 C.12.2): the instances that the frames were derived from, each once. OHIF does not show a
 * segmentation without it.
 */
export function referencedSeries(series: ImageSeries, slices: readonly number[]): DicomDataset {
  const classes = new Map(slices.map((k) => [series.frames[k]!.sopInstanceUID, series.frames[k]!.sopClassUID]));
  const instances = [...classes].map(([sopInstanceUID, sopClassUID]) => ({
    [SegTag.ReferencedSOPClassUID]: element('UI', sopClassUID),
    [SegTag.ReferencedSOPInstanceUID]: element('UI', sopInstanceUID),
  }));
  return {
    [SegTag.ReferencedSeriesSequence]: sequence({
      [SegTag.ReferencedInstanceSequence]: sequence(...instances),
      [Tag.SeriesInstanceUID]: element('UI', series.seriesInstanceUID),
    }),
  };
}

/** Lossy compression is never undone: one lossy source makes the segmentation lossy (PS3.3 C.8.20.2.2). */
export function lossyHistory(series: ImageSeries, slices: readonly number[]): DicomDataset {
  const lossy = slices
    .map((k) => series.frames[k]!.dataset)
    .find((dataset) => text(dataset, Tag.LossyImageCompression) === '01');
  if (lossy === undefined) return { [Tag.LossyImageCompression]: element('CS', '00') };
  const detail = [SegTag.LossyImageCompressionRatio, SegTag.LossyImageCompressionMethod].flatMap((tag) =>
    texts(lossy, tag).length === 0 ? [] : [[tag, lossy[tag]!] as const],
  );
  return { [Tag.LossyImageCompression]: element('CS', '01'), ...Object.fromEntries(detail) };
}
