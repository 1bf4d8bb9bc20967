import { gunzipSync } from 'node:zlib';
import { type AppError, appError } from '#core/errors.ts';
import { patientPoint, type Vector3 } from '#core/geometry/coordinates.ts';
import { length, scale } from '#core/geometry/vector.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Volume } from './volume.ts';

type Reader = (view: DataView, offset: number, little: boolean) => number;

/** NRRD type names that occur in practice: bytes per value and how to read one. */
const TYPES: Readonly<Record<string, readonly [bytes: number, read: Reader]>> = {
  'unsigned char': [1, (view, offset) => view.getUint8(offset)],
  uint8: [1, (view, offset) => view.getUint8(offset)],
  short: [2, (view, offset, little) => view.getInt16(offset, little)],
  'unsigned short': [2, (view, offset, little) => view.getUint16(offset, little)],
  int: [4, (view, offset, little) => view.getInt32(offset, little)],
  float: [4, (view, offset, little) => view.getFloat32(offset, little)],
  double: [8, (view, offset, little) => view.getFloat64(offset, little)],
};

/**
 * A 3D NRRD with its data attached, raw or gzip, in left-posterior-superior space (teem.sourceforge.net/nrrd/format.html).
 * @returns error `not-nrrd`, naming the file
 */
export function parseNrrd(bytes: Uint8Array, name: string): Result<Volume> {
  const end = headerEnd(bytes);
  const lines = new TextDecoder('latin1').decode(bytes.subarray(0, Math.max(end, 0))).split(/\r?\n/);
  if (end < 0 || !lines[0]?.startsWith('NRRD')) return err(notNrrd(name, 'it has no NRRD header'));
  const fields = new Map(lines.filter((line) => /^[^#][^:]*: /.test(line)).map(split));
  const sizes = (fields.get('sizes') ?? '').split(/\s+/).map(Number);
  const type = TYPES[fields.get('type') ?? ''];
  const axes = vectors(fields.get('space directions'));
  const origin = vectors(fields.get('space origin'))[0];
  if (sizes.length !== 3 || type === undefined) return err(notNrrd(name, 'it is not one 3D volume of a known type'));
  if (fields.get('space') !== 'left-posterior-superior' || axes.length !== 3 || origin === undefined) {
    return err(notNrrd(name, 'its place in the patient is not given in LPS'));
  }
  const data = dataOf(bytes.subarray(end), fields.get('encoding'));
  const count = sizes[0]! * sizes[1]! * sizes[2]!;
  if (data === undefined || data.length < count * type[0])
    return err(notNrrd(name, 'its data are cut short or encoded otherwise'));

  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const little = fields.get('endian') !== 'big';
  const values = Float32Array.from({ length: count }, (_, index) => type[1](view, index * type[0], little));
  const [i, j, k] = axes as [Vector3, Vector3, Vector3];
  const unit = (axis: Vector3): Vector3 => scale(axis, 1 / length(axis));
  const grid = {
    columns: sizes[0]!,
    rows: sizes[1]!,
    slices: sizes[2]!,
    spacing: [length(i), length(j), length(k)] as const,
    origin: patientPoint(...origin),
    directions: [unit(i), unit(j), unit(k)] as const,
  };
  return ok({ grid, values });
}

/** The header ends with the first empty line. */
function headerEnd(bytes: Uint8Array): number {
  for (let index = 1; index < bytes.length; index += 1) {
    if (bytes[index] !== 0x0a) continue;
    if (bytes[index - 1] === 0x0a) return index + 1;
    if (bytes[index - 1] === 0x0d && bytes[index - 2] === 0x0a) return index + 1;
  }
  return -1;
}

const split = (line: string): readonly [string, string] => {
  const at = line.indexOf(': ');
  return [line.slice(0, at), line.slice(at + 2).trim()];
};

/** `(1,0,0) (0,1,0)` as vectors. */
const vectors = (text = ''): readonly Vector3[] =>
  [...text.matchAll(/\(([^)]*)\)/g)].flatMap(([, inner]) => {
    const [x, y, z] = (inner ?? '').split(',').map(Number);
    return x === undefined || y === undefined || z === undefined ? [] : [[x, y, z] as const];
  });

function dataOf(bytes: Uint8Array, encoding: string | undefined): Uint8Array | undefined {
  if (encoding === 'raw') return bytes;
  return encoding === 'gzip' || encoding === 'gz' ? gunzipSync(bytes) : undefined;
}

const notNrrd = (file: string, why: string): AppError =>
  appError('not-nrrd', `${file} is not an NRRD volume that can be used: ${why}.`, { context: { file } });
