import type { DicomDataset } from '#core/dicom/dataset.ts';
import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { datasetJson, type JsonOptions } from './datasetJson.ts';
import { type ByteRange, ElementReader, MalformedBytes, type RawDataset } from './elements.ts';
import { type FileStart, fileStart, inflated, isDeflated, withFileMeta } from './fileMeta.ts';
import { type TransferSyntax, transferSyntaxOf } from './syntaxes.ts';

/** Where the pixels lie in {@link Part10File.bytes}. */
export type PixelLocation =
  | { readonly kind: 'native'; readonly tag: string; readonly offset: number; readonly length: number }
  | {
      readonly kind: 'encapsulated';
      readonly tag: string;
      readonly offsetTable: readonly number[];
      readonly fragments: readonly ByteRange[];
    };

/** One DICOM object, its header read and its pixels located but not touched. */
export interface Part10File {
  /** Name the reader knows it by: a file name, a path inside a zip. */
  readonly name: string;
  /**
   * A complete Part-10 file in `transferSyntaxUID`. Not the bytes given where those were deflated or had no file meta: then the
   * data set is inflated, or file meta is put in front.
   */
  readonly bytes: Uint8Array;
  readonly transferSyntaxUID: string;
  readonly syntax: TransferSyntax;
  /** Header in the DICOM JSON Model, without file meta and pixel data. */
  readonly dataset: DicomDataset;
  readonly pixelData?: PixelLocation;
  readonly raw: RawDataset;
}

export interface ParseOptions extends Partial<JsonOptions> {
  readonly name: string;
  /** Read no further than the header of the pixel data: `bytes` may be the beginning of a file only. */
  readonly headerOnly?: boolean;
}

const DEFAULT_INLINE_BYTES = 1 << 20;
const PIXEL_TAGS = ['7FE00010', '7FE00008', '7FE00009'] as const;

/**
 * Reads a DICOM file: Part 10 in any transfer syntax (deflated ones are inflated), or a bare data set without file meta.
 * @returns errors `empty-file`, `not-dicom`, `no-transfer-syntax`, `truncated`, `malformed-element`, `not-inflatable`, `no-uid`,
 *   each naming the file
 */
export function parsePart10(bytes: Uint8Array, options: ParseOptions): Result<Part10File> {
  const { name } = options;
  try {
    return parse(bytes, options);
  } catch (thrown) {
    if (!(thrown instanceof MalformedBytes)) throw thrown;
    return thrown.code === 'truncated'
      ? err(refusal('truncated', name, 'is cut off', 'Copy or export the file again.', thrown))
      : err(refusal('malformed-element', name, 'is damaged', 'Export the file again.', thrown));
  }
}

function parse(given: Uint8Array, options: ParseOptions): Result<Part10File> {
  const { name } = options;
  const found = beginningOf(given, name);
  if (!found.ok) return found;
  let { bytes, start } = found.value;
  const { transferSyntaxUID } = start;
  if (transferSyntaxUID === undefined) {
    return err(refusal('no-transfer-syntax', name, 'does not say its transfer syntax', 'Export the file again.'));
  }
  const syntax = transferSyntaxOf(transferSyntaxUID);
  const read = (): RawDataset =>
    new ElementReader(bytes, start.dataOffset, { ...syntax, headerOnly: options.headerOnly ?? false }).readDataset();
  let raw = read();
  const json: JsonOptions = {
    inlineBytes: options.inlineBytes ?? DEFAULT_INLINE_BYTES,
    ...(options.bulkDataURI && { bulkDataURI: options.bulkDataURI }),
  };
  const dataset = datasetJson(raw, bytes, json);
  const missing = IDENTITY.filter(([tag]) => text(dataset, tag) === undefined).map(([, keyword]) => keyword);
  if (missing.length > 0) {
    return err(refusal('no-uid', name, `lacks ${missing.join(', ')}`, 'Export the file again from its source.'));
  }
  if (start.meta === undefined && !options.headerOnly) {
    const [sopClassUID, sopInstanceUID] = [text(dataset, Tag.SOPClassUID)!, text(dataset, Tag.SOPInstanceUID)!];
    const whole = withFileMeta(bytes, { sopClassUID, sopInstanceUID, transferSyntaxUID });
    bytes = whole.bytes;
    start = { ...start, dataOffset: whole.dataOffset };
    raw = read();
  }
  const pixelData = pixelLocation(raw, bytes);
  return ok({ name, bytes, transferSyntaxUID, syntax, dataset, ...(pixelData && { pixelData }), raw });
}

const IDENTITY = [
  [Tag.SOPClassUID, 'SOPClassUID'],
  [Tag.SOPInstanceUID, 'SOPInstanceUID'],
] as const;

function beginningOf(bytes: Uint8Array, name: string): Result<{ bytes: Uint8Array; start: FileStart }> {
  if (bytes.length === 0) return err(refusal('empty-file', name, 'is empty'));
  const start = fileStart(bytes);
  if (start === undefined) return err(refusal('not-dicom', name, 'is not a DICOM file'));
  if (!isDeflated(start)) return ok({ bytes, start });
  try {
    return ok(inflated(bytes, start));
  } catch (thrown) {
    return err(
      refusal('not-inflatable', name, 'holds a compressed data set that cannot be unpacked', undefined, thrown),
    );
  }
}

function pixelLocation(raw: RawDataset, bytes: Uint8Array): PixelLocation | undefined {
  const element = PIXEL_TAGS.map((tag) => raw.get(tag)).find((found) => found !== undefined);
  if (element === undefined) return undefined;
  const { tag, offset, length, fragments } = element;
  if (fragments === undefined) return { kind: 'native', tag, offset, length };
  const [table, ...rest] = fragments;
  return { kind: 'encapsulated', tag, offsetTable: table === undefined ? [] : offsets(bytes, table), fragments: rest };
}

function offsets(bytes: Uint8Array, table: ByteRange): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: table.length >> 2 }, (_, index) => view.getUint32(table.offset + index * 4, true));
}

const refusal = (code: string, name: string, what: string, remedy?: string, cause?: unknown): AppError =>
  appError(code, `${name} ${what}.`, { remedy, ...(cause === undefined ? {} : { cause }), context: { file: name } });
