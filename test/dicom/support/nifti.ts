import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SliceMask } from '#core/labelmap/labelmap.ts';

/** Slices of a uint8 NIfTI mask (column, row, slice) that are not empty, by slice index. */
export function maskSlices(path: string): ReadonlyMap<number, SliceMask> {
  const file = gunzipSync(readFileSync(path));
  const columns = file.readInt16LE(42);
  const rows = file.readInt16LE(44);
  const slices = file.readInt16LE(46);
  const start = file.readFloatLE(108);
  const found = new Map<number, SliceMask>();
  for (let k = 0; k < slices; k += 1) {
    const from = start + k * columns * rows;
    const mask = Uint8Array.from(file.subarray(from, from + columns * rows), (value) => (value === 0 ? 0 : 1));
    if (mask.includes(1)) found.set(k, mask);
  }
  return found;
}
