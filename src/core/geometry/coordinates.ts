/**
 * Points carry the frame they are in, so that a function which takes one cannot be given another.
 * All numbers are float64; pixel and voxel centres are at integers.
 */
declare const frame: unique symbol;
type InFrame<Name extends string> = { readonly [frame]: Name };

/** Millimetres in the DICOM patient coordinate system, LPS (PS3.3 C.7.6.2.1.1). */
export type PatientPoint = readonly [x: number, y: number, z: number] & InFrame<'patient'>;
/** Continuous voxel index: i column, j row, k slice along the stack normal. */
export type VoxelPoint = readonly [i: number, j: number, k: number] & InFrame<'voxel'>;
/** Pixels of one slice: x column, y row. */
export type SlicePoint = readonly [x: number, y: number] & InFrame<'slice'>;
/** Pixels of the encoder's input frame: x column, y row. */
export type ModelPoint = readonly [x: number, y: number] & InFrame<'model'>;

export const patientPoint = (x: number, y: number, z: number): PatientPoint => [x, y, z] as unknown as PatientPoint;
export const voxelPoint = (i: number, j: number, k: number): VoxelPoint => [i, j, k] as unknown as VoxelPoint;
export const slicePoint = (x: number, y: number): SlicePoint => [x, y] as unknown as SlicePoint;
export const modelPoint = (x: number, y: number): ModelPoint => [x, y] as unknown as ModelPoint;

/** A direction or displacement in patient space; it has no origin, so it needs no frame. */
export type Vector3 = readonly [number, number, number];

/** Axis-aligned box on a slice, in pixels with inclusive edges at pixel centres: x0 <= x1, y0 <= y1. */
export interface SliceBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}
