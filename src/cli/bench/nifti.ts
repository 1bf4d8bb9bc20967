import { type AppError, appError } from '#core/errors.ts';
import { patientPoint, type Vector3 } from '#core/geometry/coordinates.ts';
import { length, scale } from '#core/geometry/vector.ts';
import type { VoxelGrid } from '#core/geometry/voxelGrid.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Volume } from './volume.ts';

type ReadValue = (view: DataView, offset: number, littleEndian: boolean) => number;

/** NIfTI-1 datatype codes: bytes per value and how to read one. */
const DATATYPES: Readonly<Record<number, readonly [bytes: number, read: ReadValue]>> = {
  2: [1, (view, offset) => view.getUint8(offset)],
  4: [2, (view, offset, little) => view.getInt16(offset, little)],
  8: [4, (view, offset, little) => view.getInt32(offset, little)],
  16: [4, (view, offset, little) => view.getFloat32(offset, little)],
  64: [8, (view, offset, little) => view.getFloat64(offset, little)],
  256: [1, (view, offset) => view.getInt8(offset)],
  512: [2, (view, offset, little) => view.getUint16(offset, little)],
};

const HEADER_BYTES = 348;

/**
 * A 3D NIfTI-1 volume, already gunzipped, whose place is given by its sform (nifti1.h, method 3). NIfTI's axes are RAS; the
 * grid is LPS.
 * @returns error `not-nifti`, naming the file
 */
export function parseNifti(bytes: Uint8Array, name: string): Result<Volume> {
  if (bytes.length < HEADER_BYTES + 4) return err(notNifti(name, 'it is too short'));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getInt32(0, true) === HEADER_BYTES;
  if (!little && view.getInt32(0, false) !== HEADER_BYTES) return err(notNifti(name, 'its header has another size'));
  const [dimensions, columns, rows, slices, times] = [0, 1, 2, 3, 4].map((n) => view.getInt16(40 + 2 * n, little));
  if (dimensions! < 3 || (dimensions! > 3 && times! > 1)) return err(notNifti(name, 'it is not one 3D volume'));
  const datatype = DATATYPES[view.getInt16(70, little)];
  if (datatype === undefined) return err(notNifti(name, `its data type ${view.getInt16(70, little)} is not read here`));
  if (view.getInt16(254, little) <= 0) return err(notNifti(name, 'it has no sform, so its place is not known'));

  const offset = view.getFloat32(108, little);
  const count = columns! * rows! * slices!;
  const [size, read] = datatype;
  if (columns! < 1 || rows! < 1 || slices! < 1 || !(offset >= HEADER_BYTES))
    return err(notNifti(name, 'its header is damaged'));
  if (offset + count * size > bytes.length) return err(notNifti(name, 'it is cut short'));
  const slope = view.getFloat32(112, little) || 1;
  const intercept = view.getFloat32(116, little) || 0;
  const values = new Float32Array(count);
  for (let index = 0; index < count; index += 1) {
    values[index] = read(view, offset + index * size, little) * slope + intercept;
  }
  return ok({ grid: gridOf(view, little, [columns!, rows!, slices!]), values });
}

/** sform rows in RAS millimetres, turned to LPS. */
function gridOf(
  view: DataView,
  little: boolean,
  [columns, rows, slices]: readonly [number, number, number],
): VoxelGrid {
  const at = (row: number, column: number): number =>
    view.getFloat32(280 + 16 * row + 4 * column, little) * (row < 2 ? -1 : 1);
  const axis = (column: number): Vector3 => [at(0, column), at(1, column), at(2, column)];
  const axes = [axis(0), axis(1), axis(2)] as const;
  const unit = (vector: Vector3): Vector3 => scale(vector, 1 / length(vector));
  return {
    columns,
    rows,
    slices,
    spacing: [length(axes[0]), length(axes[1]), length(axes[2])],
    origin: patientPoint(at(0, 3), at(1, 3), at(2, 3)),
    directions: [unit(axes[0]), unit(axes[1]), unit(axes[2])],
  };
}

const notNifti = (file: string, why: string): AppError =>
  appError('not-nifti', `${file} is not a NIfTI-1 volume that can be used: ${why}.`, { context: { file } });
