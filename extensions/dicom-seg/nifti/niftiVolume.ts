import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { appError } from '#core/errors.ts';
import { stackIssueText } from '#core/geometry/stackIssueText.ts';
import type { Labelmap, LabelmapSize } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type PlannedFrame, planFrames, segmentsOverlap } from '../model/framePlan.ts';
import { type Affine, affineOf, rotationOf, voxelSize } from './affine.ts';

export interface NiftiFile {
  /** Labelmap number of the segment that each value stands for. */
  readonly values: ReadonlyMap<number, number>;
  /** A single-file NIfTI-1 volume, not compressed. */
  readonly bytes: Uint8Array;
}

const HEADER = 352;
const UINT8 = 2;
const UINT16 = 512;

/**
 * Segments as NIfTI-1 label maps: i is the column, j the row, k the slice along the stack normal; the values are the segment
 * numbers of the DICOM SEG of the same labelmap, 0 is background. Segments that overlap come as one 0/1 file each, since a voxel has one value.
 * @returns errors of `planFrames`, and `not-a-volume`: a NIfTI file has one affine, which uneven or tilted slices do not fit
 */
export function niftiVolumes(series: ImageSeries, labelmap: Labelmap): Result<readonly NiftiFile[]> {
  const planned = planFrames(series, labelmap);
  if (!planned.ok) return planned;
  const { segments, frames } = planned.value;
  if (series.stack.grid === undefined) {
    return err(
      appError('not-a-volume', 'A NIfTI file needs slices at even distances, one straight above the other.', {
        remedy: 'Export DICOM SEG or RTSTRUCT, which place every slice by itself.',
        cause: series.stack.issues.map(stackIssueText).join(' '),
      }),
    );
  }
  const affine = affineOf(series);
  const file = (chosen: readonly PlannedFrame[], numbers: ReadonlyMap<number, number>): Uint8Array =>
    withVoxels(labelmap.size, affine, chosen, numbers);
  if (!segmentsOverlap(planned.value)) {
    const own = new Map(segments.map(({ segmentNumber }) => [segmentNumber, segmentNumber]));
    const values = new Map(segments.map(({ segmentNumber, segment }) => [segmentNumber, segment.number]));
    return ok([{ values, bytes: file(frames, own) }]);
  }
  return ok(
    segments.map(({ segment, segmentNumber }) => ({
      values: new Map([[1, segment.number]]),
      bytes: file(
        frames.filter((frame) => frame.segmentNumber === segmentNumber),
        new Map([[segmentNumber, 1]]),
      ),
    })),
  );
}

function withVoxels(
  { columns, rows, slices }: LabelmapSize,
  affine: Affine,
  frames: readonly PlannedFrame[],
  numbers: ReadonlyMap<number, number>,
): Uint8Array {
  const wide = Math.max(...numbers.values()) > 255;
  const bytes = new Uint8Array(HEADER + columns * rows * slices * (wide ? 2 : 1));
  const view = new DataView(bytes.buffer);
  writeHeader(view, [columns, rows, slices], wide, affine);
  bytes.set(
    Uint8Array.from('VoxPrompt label map', (letter) => letter.charCodeAt(0)),
    148,
  );
  for (const { mask, k, segmentNumber } of frames) {
    const value = numbers.get(segmentNumber)!;
    const start = k * columns * rows;
    for (let index = 0; index < mask.length; index += 1) {
      if (mask[index] !== 1) continue;
      if (wide) view.setUint16(HEADER + 2 * (start + index), value, true);
      else bytes[HEADER + start + index] = value;
    }
  }
  return bytes;
}

/** Fields by their offsets in nifti1.h; little-endian. */
function writeHeader(view: DataView, size: readonly number[], wide: boolean, affine: Affine): void {
  const short = (offset: number, value: number): void => view.setInt16(offset, value, true);
  const float = (offset: number, value: number): void => view.setFloat32(offset, value, true);
  view.setInt32(0, 348, true);
  [3, ...size, 1, 1, 1, 1].forEach((extent, axis) => {
    short(40 + 2 * axis, extent);
  });
  short(68, 1002); // intent_code: NIFTI_INTENT_LABEL
  short(70, wide ? UINT16 : UINT8);
  short(72, wide ? 16 : 8);
  const { bcd, qfac } = rotationOf(affine);
  [qfac, ...voxelSize(affine)].forEach((extent, axis) => {
    float(76 + 4 * axis, extent);
  });
  float(108, HEADER);
  float(112, 1); // scl_slope
  view.setUint8(123, 2); // xyzt_units: mm
  short(252, 1); // qform_code and sform_code: scanner anatomical
  short(254, 1);
  [...bcd, ...affine.origin].forEach((value, index) => {
    float(256 + 4 * index, value);
  });
  [0, 1, 2].forEach((axis) => {
    const row = [...affine.columns.map((column) => column[axis]!), affine.origin[axis]!];
    row.forEach((value, column) => {
      float(280 + 16 * axis + 4 * column, value);
    });
  });
  [0x6e, 0x2b, 0x31].forEach((character, index) => {
    view.setUint8(344 + index, character); // 'n+1'
  });
}
