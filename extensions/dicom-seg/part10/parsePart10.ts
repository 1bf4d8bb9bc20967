import { data } from 'dcmjs';
import { Inflate } from 'fflate';
import { type DicomDataset, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { ByteReader, Malformed } from './byteReader.ts';
import { type Encoding, type PixelBytes, parseDataset } from './parseDataset.ts';

const ImplicitLittleEndian = '1.2.840.10008.1.2';
export const ExplicitBigEndian = '1.2.840.10008.1.2.2';
const DeflatedExplicitLittleEndian = '1.2.840.10008.1.2.1.99';

/** A Part-10 file taken apart; by a reader that shares no code with the writer, so that it can judge what was written. */
export interface Part10 {
  readonly meta: DicomDataset;
  readonly dataset: DicomDataset;
  readonly transferSyntaxUID: string;
  readonly pixels: PixelBytes | undefined;
}

/** No segmentation inflates beyond this: 4096 x 4096 x 1000 bits. */
const LARGEST = 2 ** 31;

/** @returns errors `not-dicom`, `dicom-malformed` with what is wrong */
export function parsePart10(bytes: Uint8Array): Result<Part10> {
  if (bytes.length < 136 || new TextDecoder('latin1').decode(bytes.subarray(128, 132)) !== 'DICM') {
    return err(appError('not-dicom', 'This is not a DICOM file: it has no Part-10 header.'));
  }
  try {
    const { meta, body } = readMeta(bytes);
    const transferSyntaxUID = text(meta, Tag.TransferSyntaxUID);
    if (transferSyntaxUID === undefined) throw new Malformed('the file does not say its transfer syntax');
    const little = transferSyntaxUID !== ExplicitBigEndian;
    const encoding = { explicit: transferSyntaxUID !== ImplicitLittleEndian, vrOf: dictionaryVr };
    const content =
      transferSyntaxUID === DeflatedExplicitLittleEndian ? inflated(bytes.subarray(body)) : bytes.subarray(body);
    const { dataset, pixels } = parseDataset(new ByteReader(content, 0, content.length, little), encoding);
    return ok({ meta, dataset, transferSyntaxUID, pixels });
  } catch (thrown) {
    return err(malformed(thrown));
  }
}

const malformed = (cause: unknown): AppError =>
  appError('dicom-malformed', 'The DICOM file is damaged or cut short.', {
    remedy: 'Fetch the object again from the archive.',
    cause,
  });

/** Group 0002 is Explicit VR Little Endian whatever follows; it ends where another group begins, whatever its length says. */
function readMeta(bytes: Uint8Array): { meta: DicomDataset; body: number } {
  let end = 132;
  const reader = new ByteReader(bytes, 132, bytes.length, true);
  while (!reader.done && reader.view.getUint16(reader.offset, true) === 2) {
    reader.uint32();
    const vr = reader.ascii(2);
    const long = vr === 'OB' || vr === 'UN' || vr === 'OW';
    if (long) reader.uint16();
    reader.take(long ? reader.uint32() : reader.uint16());
    end = reader.offset;
  }
  const explicit: Encoding = { explicit: true, vrOf: dictionaryVr };
  return { meta: parseDataset(new ByteReader(bytes, 132, end, true), explicit).dataset, body: end };
}

/** Inflates a stream without zlib header, up to a limit. */
function inflated(bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const inflate = new Inflate((chunk) => {
    total += chunk.length;
    if (total > LARGEST) throw new Malformed('the deflated object is too large');
    chunks.push(chunk);
  });
  for (let at = 0; at < bytes.length; at += 65536) {
    inflate.push(bytes.subarray(at, at + 65536), at + 65536 >= bytes.length);
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

const { dictionary } = data.DicomMetaDictionary;

function dictionaryVr(tag: string): string {
  if (tag.endsWith('0000')) return 'UL';
  const vr = dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`]?.vr ?? 'UN';
  if (vr === 'xs') return 'US';
  return vr === 'ox' ? 'OW' : vr;
}
