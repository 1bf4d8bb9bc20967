import { useEffect, useState } from 'react';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { SegmentVoxels } from '#core/labelmap/labelmap.ts';
import type { IntensityStatistics } from '#core/labelmap/measureIntensity.ts';
import { useApp } from '../AppContext.ts';
import { measureIntensity } from './measureSegment.ts';

export type Measured =
  | { readonly kind: 'computing' }
  | { readonly kind: 'done'; readonly statistics: IntensityStatistics | undefined };

/** Strokes follow each other quickly: measure when the hand rests. */
const PAUSE_MS = 200;

/** Statistics under the voxels, again whenever they change; an older measurement is given up. */
export function useIntensity(voxels: SegmentVoxels, series: ImageSeries): Measured {
  const { viewer } = useApp();
  const [measured, setMeasured] = useState<Measured>({ kind: 'computing' });
  useEffect(() => {
    const run = new AbortController();
    const compute = async (): Promise<void> => {
      try {
        const result = await measureIntensity(voxels, series, viewer, { signal: run.signal });
        // Slices that cannot be read are told above the image; here there is simply no number.
        if (!run.signal.aborted) setMeasured({ kind: 'done', statistics: result.ok ? result.value : undefined });
      } catch (thrown) {
        if (!run.signal.aborted) throw thrown;
      }
    };
    const pause = setTimeout(() => void compute(), PAUSE_MS);
    return () => {
      clearTimeout(pause);
      run.abort();
    };
  }, [viewer, voxels, series]);
  return measured;
}
