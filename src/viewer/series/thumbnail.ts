import type { Types } from '@cornerstonejs/core';
import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import { ok, type Result } from '#core/result.ts';
import type { CallOptions, StudySource } from '#extension-api';
import type { Thumbnail } from '../viewer.ts';
import { initialWindow, percentileWindow } from '../window/autoWindow.ts';
import { abortable } from './abortable.ts';
import { newOpening } from './beginOpening.ts';
import type { SliceIndex } from './openSlices.ts';
import { decodedImage } from './sliceLoader.ts';

/** Longer side, px: twice what is shown, for sharp screens. */
const SIDE = 112;

/**
 * The middle slice of a series in the window in which it would be opened. It takes the path of the viewer's own slices, and stays out
 * of its cache. Errors: those of the source, of imageSeriesOf, and of decoding. A cancelled call rejects.
 */
export async function thumbnailOf(
  index: SliceIndex,
  source: StudySource,
  studyInstanceUID: string,
  seriesInstanceUID: string,
  { signal = new AbortController().signal }: CallOptions,
): Promise<Result<Thumbnail>> {
  const headers = await source.seriesHeaders(studyInstanceUID, seriesInstanceUID, { signal });
  signal.throwIfAborted();
  if (!headers.ok) return headers;
  const series = imageSeriesOf(headers.value);
  if (!series.ok) return series;
  const slices = newOpening(series.value, source);
  const stop = (): void => slices.closing.abort(signal.reason);
  signal.addEventListener('abort', stop);
  // Decoding asks for the metadata of the image by its id.
  index.add(slices);
  try {
    const k = slices.imageIds.length >> 1;
    const frame = slices.series.frames[k]!;
    const image = await abortable(decodedImage(slices.imageIds[k]!, { slices, k, frame }), signal);
    if (!image.ok) return image;
    const values = image.value.getPixelData();
    const window = image.value.color ? undefined : initialWindow(slices.series, percentileWindow([values]));
    const plane = slices.series.stack.planes[k]!;
    return ok(reduced(image.value, window, plane.rowSpacing / plane.columnSpacing));
  } finally {
    signal.removeEventListener('abort', stop);
    index.remove(slices);
  }
}

/**
 * Nearest pixels, through the window; colour as it is.
 * @param aspect height of a pixel in units of its width
 */
function reduced(image: Types.IImage, window: IntensityWindow | undefined, aspect: number): Thumbnail {
  const { columns, rows } = image;
  const tall = rows * aspect;
  const scale = SIDE / Math.max(columns, tall);
  const [width, height] = [Math.max(1, Math.round(columns * scale)), Math.max(1, Math.round(tall * scale))];
  const values = image.getPixelData();
  const channels = Math.max(1, Math.floor(values.length / (columns * rows)));
  const { lower, upper } = window ?? { lower: 0, upper: 255 };
  const negative = image.photometricInterpretation === 'MONOCHROME1';
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(rows - 1, Math.floor(((y + 0.5) * rows) / height));
    for (let x = 0; x < width; x += 1) {
      const at = row * columns + Math.min(columns - 1, Math.floor(((x + 0.5) * columns) / width));
      const into = (y * width + x) * 4;
      for (let channel = 0; channel < 3; channel += 1) {
        const value = values[at * channels + (channels >= 3 ? channel : 0)] ?? 0;
        const grey = ((value - lower) / (upper - lower)) * 255;
        rgba[into + channel] = negative ? 255 - grey : grey;
      }
      rgba[into + 3] = 255;
    }
  }
  return { width, height, rgba };
}
