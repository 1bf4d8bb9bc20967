import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import type { Result } from '#core/result.ts';
import type { SliceGeometry } from '../propagation/knowledge.ts';

/** Slices of one series, as the segmenter needs them: in the browser from the viewer, in Node from files. */
export interface SliceSource {
  readonly columns: number;
  readonly rows: number;
  readonly geometry: SliceGeometry;
  /** The window through which the model sees every slice of the series. */
  readonly window: IntensityWindow;
  /** Slice k in modality units. */
  slice(k: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<Result<SliceImage>>;
}
