import type { DicomDataset } from '#core/dicom/dataset.ts';
import { writePart10 } from '../../extensions/dicom-seg/encode.ts';

export const [COLUMNS, ROWS, SLICES] = [40, 36, 21];
const CENTRE = [18, 15, 10] as const;
export const RADIUS = 8;
export const SERIES = '2.25.1001';

/** 0 to 100 at voxel (i, j, k): a sphere with soft edges, 1 mm voxels. */
export const valueAt = (i: number, j: number, k: number): number =>
  100 * Math.min(1, Math.max(0, 0.5 - Math.hypot(i - CENTRE[0], j - CENTRE[1], k - CENTRE[2]) + RADIUS));

/** A coronal PET-like slice: its own rescale slope, as PET has, and files named against the slice order. */
export function sliceFile(k: number, { series = SERIES, frame = '2.25.1002' } = {}): Uint8Array {
  const slope = 0.01 + 0.001 * k;
  const plain = (vr: string, ...Value: unknown[]) => ({ vr, Value });
  const dataset: DicomDataset = {
    '00080016': plain('UI', '1.2.840.10008.5.1.4.1.1.128'),
    '00080018': plain('UI', `${series === SERIES ? '2.25' : series}.2000${k}`),
    '00080060': plain('CS', 'PT'),
    '00100010': plain('PN', { Alphabetic: 'Phantom' }),
    '00100020': plain('LO', 'P1'),
    '00180050': plain('DS', 1),
    '0020000D': plain('UI', '2.25.1000'),
    '0020000E': plain('UI', series),
    '00200032': plain('DS', -20, 30 - k, 50),
    '00200037': plain('DS', 1, 0, 0, 0, 0, -1),
    '00200052': plain('UI', frame),
    '00280002': plain('US', 1),
    '00280004': plain('CS', 'MONOCHROME2'),
    '00280010': plain('US', ROWS),
    '00280011': plain('US', COLUMNS),
    '00280030': plain('DS', 1, 1),
    '00280100': plain('US', 16),
    '00280101': plain('US', 16),
    '00280102': plain('US', 15),
    '00280103': plain('US', 0),
    '00281052': plain('DS', 0),
    '00281053': plain('DS', slope),
  };
  const header = writePart10(dataset);
  const pixels = new Uint16Array(COLUMNS * ROWS).map((_, index) =>
    Math.round(valueAt(index % COLUMNS, Math.floor(index / COLUMNS), SLICES - 1 - k) / slope),
  );
  const out = new Uint8Array(header.length + 12 + pixels.byteLength);
  out.set(header);
  out.set([0xe0, 0x7f, 0x10, 0, 0x4f, 0x57, 0, 0], header.length);
  new DataView(out.buffer).setUint32(header.length + 8, pixels.byteLength, true);
  out.set(new Uint8Array(pixels.buffer), header.length + 12);
  return out;
}
