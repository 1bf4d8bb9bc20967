import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import type { Result } from '#core/result.ts';
import type { StudySource } from './source.ts';
import type { CallOptions, ReadableState } from './state.ts';

/** The series that the reader works on. */
export interface OpenSeries {
  readonly series: ImageSeries;
  readonly source: StudySource;
  /** Cornerstone image id of slice k. */
  readonly imageIds: readonly string[];
}

/** A series in memory that is not on the screen. */
export interface BesideSeries {
  /** As {@link ViewerPort.slicePixels}. */
  slicePixels(k: number, options?: CallOptions): Promise<Result<SliceImage>>;
  /** Gives its memory back; a call that is under way rejects. */
  release(): void;
}

/** What the reader looks at; the viewer implements it. */
export interface ViewerPort {
  readonly openSeries: ReadableState<OpenSeries | undefined>;
  /** Slice index k on the acquisition plane of the open series, as last shown in an acquisition-plane viewport. */
  readonly currentSlice: ReadableState<number>;
  /**
   * Whether the pane that the reader works in shows the open series; absent where there is no other. While it is false, keys that
   * prompt mean nothing.
   */
  readonly promptsHere?: ReadableState<boolean>;
  /** Display window; never an input of a model. */
  readonly displayWindow: ReadableState<IntensityWindow | undefined>;
  goToSlice(k: number): void;
  /**
   * Brings the other planes on the screen to the middle of a box on slice k, unless they cut it; absent where there are none.
   * @param box centres of its corner pixels, px of the slice
   */
  bringPlanes?(k: number, box: SliceBox): void;
  /** Name of the tool on the primary button. */
  readonly activeTool: ReadableState<string>;
  activateTool(toolName: string): void;
  /**
   * Stored pixels of slice k through the modality LUT: what a model sees, whatever is on the screen. Errors:
   * `pixels-unavailable` with the cause.
   */
  slicePixels(k: number, options?: CallOptions): Promise<Result<SliceImage>>;
  /**
   * Reads another series of the open study, next to what is open; absent where only the open one can be read. A slice that cannot
   * be had fails when it is asked for. Error: `other-images` where the host's images are not the frames of the series. A cancelled
   * call rejects.
   */
  readBeside?(source: StudySource, series: ImageSeries, options?: CallOptions): Promise<Result<BesideSeries>>;
  /** Slice index of an image id of the open series. */
  sliceOfImageId(imageId: string): number | undefined;
}
