import { type DicomDataset, number } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { decodeJpeg } from '#core/pixels/jpeg/decodeJpeg.ts';
import type { EncodedFrame } from './encodedFrame.ts';

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** JPEG processes 2 and 4, 6 and 8, 10 and 12. */
const EXTENDED_JPEG = ['51', '53', '55'].map((end) => `1.2.840.10008.1.2.4.${end}`);

/**
 * JPEG of 12 bits as native pixels; anything else as it came. The decoder in @cornerstonejs/dicom-image-loader computes these in
 * 8 bits and scales up (codecs/jpeg.js, quantizeAndInverse), which loses the last four bits.
 * @throws where the code stream is damaged
 */
export function nativeIfExtendedJpeg(encoded: EncodedFrame, dataset: DicomDataset): EncodedFrame {
  if (!EXTENDED_JPEG.includes(encoded.transferSyntaxUID) || number(dataset, Tag.SamplesPerPixel) === 3) return encoded;
  const image = decodeJpeg(encoded.bytes);
  if (image === undefined) throw new Error('the JPEG code stream is damaged');
  const { rows, columns, values } = image;
  if (rows !== number(dataset, Tag.Rows) || columns !== number(dataset, Tag.Columns)) {
    throw new Error(`the JPEG holds ${rows} x ${columns} pixels`);
  }
  const bytes = number(dataset, Tag.BitsAllocated) === 8 ? Uint8Array.from(values) : new Uint8Array(values.buffer);
  return { bytes, transferSyntaxUID: EXPLICIT_LITTLE_ENDIAN };
}
