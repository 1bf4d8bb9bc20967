import { number } from '#core/dicom/dataset.ts';
import type { SliceFrame } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { applyModalityLut, type ModalityLut } from '#core/pixels/modalityLut.ts';

export type VoxelArray = Int16Array | Uint16Array | Float32Array;
export type VoxelTypeName = 'Int16Array' | 'Uint16Array' | 'Float32Array';

/**
 * The array type that holds the modality values of every slice of a series without loss (a volume has one type): 16-bit
 * integers where slope and intercept are whole and the range that BitsStored allows fits, else float32.
 */
export function voxelTypeOf(frames: readonly SliceFrame[]): VoxelTypeName {
  let lowest = 0;
  let highest = 0;
  for (const { dataset, lut } of frames) {
    if (!Number.isInteger(lut.slope) || !Number.isInteger(lut.intercept)) return 'Float32Array';
    const bits = number(dataset, Tag.BitsStored) ?? number(dataset, Tag.BitsAllocated) ?? 16;
    const signed = number(dataset, Tag.PixelRepresentation) === 1;
    const stored = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
    for (const end of stored) {
      lowest = Math.min(lowest, end * lut.slope + lut.intercept);
      highest = Math.max(highest, end * lut.slope + lut.intercept);
    }
  }
  if (lowest >= -32768 && highest <= 32767) return 'Int16Array';
  if (lowest >= 0 && highest <= 65535) return 'Uint16Array';
  return 'Float32Array';
}

export interface ModalitySlice {
  /** What is shown: clamped where a stored value lies outside what the header's BitsStored allows. */
  readonly values: VoxelArray;
  /** Present where `values` had to be clamped. */
  readonly exact: Float32Array | undefined;
  readonly lowest: number;
  readonly highest: number;
}

/** Stored values of one slice through its modality LUT, in the series' array type. */
export function toModalitySlice(stored: ArrayLike<number>, lut: ModalityLut, type: VoxelTypeName): ModalitySlice {
  const exact = applyModalityLut(stored, lut);
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of exact) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (type === 'Float32Array') return { values: exact, exact: undefined, lowest, highest };
  const [floor, ceiling] = type === 'Int16Array' ? [-32768, 32767] : [0, 65535];
  const values = type === 'Int16Array' ? new Int16Array(exact.length) : new Uint16Array(exact.length);
  for (let index = 0; index < exact.length; index += 1) {
    values[index] = Math.min(ceiling, Math.max(floor, exact[index]!));
  }
  return { values, exact: lowest < floor || highest > ceiling ? exact : undefined, lowest, highest };
}

export const emptyVoxels = (type: VoxelTypeName, length: number): VoxelArray =>
  type === 'Int16Array'
    ? new Int16Array(length)
    : type === 'Uint16Array'
      ? new Uint16Array(length)
      : new Float32Array(length);
