import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { appError } from '#core/errors.ts';
import type { VoxelGrid } from '#core/geometry/voxelGrid.ts';
import { err, type Result } from '#core/result.ts';
import { parseNifti } from './nifti.ts';
import { parseNrrd } from './nrrd.ts';

/** A volume with its place in the patient (LPS, as DICOM); values[(k * rows + j) * columns + i]. */
export interface Volume {
  readonly grid: VoxelGrid;
  readonly values: Float32Array;
}

/** Reads .nii, .nii.gz or .nrrd. Errors `file-unreadable`, `not-nifti`, `not-nrrd`, naming the file. */
export async function readVolume(path: string): Promise<Result<Volume>> {
  let bytes: Uint8Array;
  try {
    const raw = await readFile(path);
    bytes = raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw;
  } catch (cause) {
    return err(appError('file-unreadable', `${path} could not be read.`, { cause }));
  }
  return path.endsWith('.nrrd') ? parseNrrd(bytes, path) : parseNifti(bytes, path);
}
