import type { ImageSeries, SliceFrame } from '#core/dicom/imageSeries.ts';
import type { AppError } from '#core/errors.ts';
import type { OpenSeries, StudySource } from '#extension-api';
import { type VoxelTypeName, voxelTypeOf } from './voxelType.ts';

/** Scheme of our image ids, 'voxprompt:<opening>/<k>': they name no patient, study or UID. */
export const IMAGE_SCHEME = 'voxprompt';

/** An open series with what the loader learns about it. */
export interface OpenSlices extends OpenSeries {
  readonly opening: number;
  readonly voxelType: VoxelTypeName;
  /** Aborted when the series is closed. */
  readonly closing: AbortController;
  /** Slices whose pixels are not to be had, by k. */
  readonly failures: Map<number, AppError>;
  /** Modality values of slices whose display had to be clamped, by k. */
  readonly exact: Map<number, Float32Array>;
}

export function openSlices(opening: number, series: ImageSeries, source: StudySource): OpenSlices {
  return {
    opening,
    series,
    source,
    imageIds: series.frames.map((_, k) => `${IMAGE_SCHEME}:${opening}/${k}`),
    voxelType: voxelTypeOf(series.frames),
    closing: new AbortController(),
    failures: new Map(),
    exact: new Map(),
  };
}

/** Which opening and slice an image id of ours names. */
export function parseImageId(imageId: string): { readonly opening: number; readonly k: number } | undefined {
  const match = /^voxprompt:(\d+)\/(\d+)$/.exec(imageId);
  return match === null ? undefined : { opening: Number(match[1]), k: Number(match[2]) };
}

export interface SliceOfSeries {
  readonly slices: OpenSlices;
  readonly k: number;
  readonly frame: SliceFrame;
}

/** Finds the slice behind an image id; the loader and the metadata provider ask it. */
export interface SliceIndex {
  find(imageId: string): SliceOfSeries | undefined;
  add(slices: OpenSlices): void;
  remove(slices: OpenSlices): void;
}

export function createSliceIndex(): SliceIndex {
  const openings = new Map<number, OpenSlices>();
  return {
    find: (imageId) => {
      const name = parseImageId(imageId);
      const slices = name && openings.get(name.opening);
      const frame = name && slices?.series.frames[name.k];
      return name && slices && frame ? { slices, k: name.k, frame } : undefined;
    },
    add: (slices) => void openings.set(slices.opening, slices),
    remove: (slices) => void openings.delete(slices.opening),
  };
}
