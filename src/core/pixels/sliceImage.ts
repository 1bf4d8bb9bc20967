/** One slice in modality units (HU, SUV, arbitrary MR units): values[row * columns + column]. */
export interface SliceImage {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}
