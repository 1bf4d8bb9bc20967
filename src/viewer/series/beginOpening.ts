import { imageLoader } from '@cornerstonejs/core';
import { type ImageSeries, imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { CallOptions, StudySource } from '#extension-api';
import { abortable } from './abortable.ts';
import { type OpenSlices, openSlices, type SliceIndex } from './openSlices.ts';

let openings = 0;

/**
 * Headers, order, and the middle slice's pixels. The series stays out of the index unless the result is ok.
 * @returns errors of the source and of imageSeriesOf; `pixels-unavailable`
 */
export async function beginOpening(
  index: SliceIndex,
  source: StudySource,
  studyInstanceUID: string,
  seriesInstanceUID: string,
  options: CallOptions,
): Promise<Result<OpenSlices>> {
  const headers = await source.seriesHeaders(studyInstanceUID, seriesInstanceUID, signalOnly(options));
  options.signal?.throwIfAborted();
  if (!headers.ok) return headers;
  const series = imageSeriesOf(headers.value);
  if (!series.ok) return series;
  const slices = newOpening(series.value, source);
  index.add(slices);
  const middle = middleSlice(slices);
  const drop = (): void => {
    slices.closing.abort();
    index.remove(slices);
  };
  const { signal = new AbortController().signal } = options;
  try {
    await abortable(imageLoader.loadAndCacheImage(slices.imageIds[middle]!), signal);
  } catch (thrown) {
    drop();
    throw thrown;
  }
  const failure = slices.failures.get(middle);
  if (failure === undefined) return ok(slices);
  drop();
  return err(
    appError('pixels-unavailable', 'The series cannot be shown: its pixels are not to be had.', {
      remedy: failure.remedy,
      cause: failure.cause ?? failure.message,
      context: failure.context,
    }),
  );
}

/** A series under a number of its own: image ids are never used twice. */
export function newOpening(series: ImageSeries, source: StudySource): OpenSlices {
  openings += 1;
  return openSlices(openings, series, source);
}

export const middleSlice = (slices: OpenSlices): number => slices.imageIds.length >> 1;

const signalOnly = ({ signal }: CallOptions): CallOptions => (signal === undefined ? {} : { signal });
