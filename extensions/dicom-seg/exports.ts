import { gzipSync } from 'fflate';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import { niftiVolumes } from './nifti/niftiVolume.ts';

/** A file for the reader; its name says nothing of the patient. */
export interface ExportedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Compressed NIfTI-1: one label map, or one mask per segment where segments overlap. Errors: those of `niftiVolumes`. */
export function exportNifti(series: ImageSeries, labelmap: Labelmap): Result<readonly ExportedFile[]> {
  const volumes = niftiVolumes(series, labelmap);
  if (!volumes.ok) return volumes;
  const single = volumes.value.length === 1;
  return ok(
    volumes.value.map(({ bytes }, index) => ({
      name: single ? 'segmentation.nii.gz' : `segmentation-${index + 1}.nii.gz`,
      mediaType: 'application/gzip',
      // Label maps are mostly one long run: the fastest level already makes them small. No time stamp, so equal work gives equal files.
      bytes: gzipSync(bytes, { level: 1, mtime: 0 }),
    })),
  );
}
