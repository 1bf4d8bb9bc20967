import type { ReadableState } from '#extension-api';
import type { Companion, Viewer } from '../viewer.ts';
import { parseImageId, type SliceIndex } from './openSlices.ts';
import { readBeside } from './readBeside.ts';
import type { SeriesLife } from './seriesLife.ts';
import { slicePixels } from './slicePixels.ts';
import { thumbnailOf } from './thumbnail.ts';

/** What is asked of series, on the screen or not: opening, closing, and their pixels. */
export function createSeriesCalls(
  index: SliceIndex,
  life: SeriesLife,
  companion: Pick<Companion, 'close'>,
  loading: ReadableState<unknown>,
): Pick<Viewer, 'sliceOfImageId' | 'close' | 'open' | 'thumbnail' | 'slicePixels'> &
  Required<Pick<Viewer, 'readBeside'>> {
  return {
    sliceOfImageId: (imageId) => {
      const name = parseImageId(imageId);
      return name !== undefined && name.opening === life.slices()?.opening ? name.k : undefined;
    },
    close: () => {
      life.close();
      companion.close();
    },
    open: async (...series) => {
      const opened = await life.open(...series);
      if (!opened.ok) companion.close();
      return opened;
    },
    readBeside: (source, series, options = {}) => readBeside(index, loading, source, series, options),
    thumbnail: (source, study, series, options = {}) => thumbnailOf(index, source, study, series, options),
    slicePixels: async (k, options) => {
      const slices = life.slices();
      if (slices === undefined) throw new Error('No series is open');
      return slicePixels(slices, k, options);
    },
  };
}
