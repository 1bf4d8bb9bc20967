import { data } from 'dcmjs';
import type { DicomDataset, DicomElement } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type BuildRequest, type BuiltSegmentation, buildSegmentation } from './model/build.ts';
import { decimalString } from './model/decimalString.ts';
import { buildStructureSet, type StructureSetRequest } from './rtstruct/structureSet.ts';
import {
  EXPLICIT_LITTLE_ENDIAN,
  IMPLEMENTATION_CLASS_UID,
  IMPLEMENTATION_VERSION_NAME,
  IMPLICIT_LITTLE_ENDIAN,
} from './software.ts';

export interface EncodedObject extends Omit<BuiltSegmentation, 'pixelData'> {
  /** A Part-10 file, Explicit VR Little Endian. */
  readonly bytes: Uint8Array;
}

/**
 * Builds a segmentation and writes it as a Part-10 file.
 * @returns the errors of {@link buildSegmentation}, and `not-encodable` where a value of the source cannot be written
 */
export function encodeSegmentation(request: BuildRequest): Result<EncodedObject> {
  const built = buildSegmentation(request);
  if (!built.ok) return built;
  const { pixelData, ...rest } = built.value;
  const file = part10File(rest.dataset, pixelData);
  return file.ok ? ok({ ...rest, bytes: file.value }) : file;
}

/**
 * A structure set as a Part-10 file, Implicit VR Little Endian: a contour of some 1800 points is longer than the 65534 bytes that
 * explicit Decimal Strings may have. Errors: those of {@link buildStructureSet}, and `not-encodable`.
 */
export function encodeStructureSet(request: StructureSetRequest): Result<Uint8Array> {
  const built = buildStructureSet(request);
  return built.ok ? part10File(built.value, undefined, IMPLICIT_LITTLE_ENDIAN) : built;
}

/** As {@link writePart10}. @returns error `not-encodable` where a value of the source cannot be written */
export function part10File(...written: Parameters<typeof writePart10>): Result<Uint8Array> {
  try {
    return ok(writePart10(...written));
  } catch (thrown) {
    return err(
      appError('not-encodable', 'The segmentation could not be written as a DICOM file.', {
        remedy: 'Your work is still here; please report this.',
        cause: thrown,
      }),
    );
  }
}

/**
 * A data set as a Part-10 file (PS3.10 7.1).
 * @param pixelData native, little-endian, of even length; appended as it is, for Explicit VR only
 */
export function writePart10(
  dataset: DicomDataset,
  pixelData?: Uint8Array,
  transferSyntax = EXPLICIT_LITTLE_ENDIAN,
): Uint8Array {
  const uid = (tag: string): DicomElement => dataset[tag] ?? { vr: 'UI' };
  const file = new data.DicomDict({
    '00020001': { vr: 'OB', Value: [Uint8Array.of(0, 1).buffer] },
    '00020002': plain(uid(Tag.SOPClassUID)),
    '00020003': plain(uid(Tag.SOPInstanceUID)),
    '00020010': { vr: 'UI', Value: [transferSyntax] },
    '00020012': { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] },
    '00020013': { vr: 'SH', Value: [IMPLEMENTATION_VERSION_NAME] },
  });
  file.dict = elements(dataset);
  // Values that are too long for their VR come from the source and must be repeated as they are.
  const header = new Uint8Array(file.write({ allowInvalidVRLength: true }));
  return pixelData === undefined ? header : withPixelData(header, pixelData, dataset);
}

const elements = (dataset: DicomDataset): Record<string, ReturnType<typeof plain>> =>
  Object.fromEntries(
    Object.entries(dataset)
      .filter(([tag, { BulkDataURI }]) => /^[0-9A-F]{8}$/.test(tag) && BulkDataURI === undefined)
      .map(([tag, element]) => [tag, plain(element)]),
  );

/** An element of the DICOM JSON Model in the writer's own terms. */
function plain({ vr, Value, InlineBinary }: DicomElement): { readonly vr: string; readonly Value: readonly unknown[] } {
  if (InlineBinary !== undefined) return { vr, Value: [bytesOfBase64(InlineBinary)] };
  return { vr, Value: (Value ?? []).map((value) => plainValue(vr, value)) };
}

function plainValue(vr: string, value: unknown): unknown {
  if (vr === 'SQ') return elements(value as DicomDataset);
  if (value === null || value === undefined) return '';
  if (vr === 'PN') return typeof value === 'string' ? value : nameText(value as Record<string, string | undefined>);
  if (vr === 'DS' && typeof value === 'number') return decimalString(value);
  if (vr === 'IS' && typeof value === 'number') return String(value);
  if (vr === 'AT' && typeof value === 'string') return Number.parseInt(value, 16);
  return value;
}

/** Component groups of a person name, '=' between them, none at the end (PS3.5 6.2.1). */
const nameText = ({ Alphabetic = '', Ideographic = '', Phonetic = '' }: Record<string, string | undefined>): string =>
  [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');

const bytesOfBase64 = (text: string): ArrayBuffer => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;

/** Appends the pixel data, the last element of the object: 40 MB need not pass through the writer's streams. */
function withPixelData(header: Uint8Array, pixelData: Uint8Array, dataset: DicomDataset): Uint8Array {
  const wide = dataset[Tag.BitsAllocated]?.Value?.[0] === 16;
  const file = new Uint8Array(header.length + 12 + pixelData.length);
  file.set(header);
  file.set([0xe0, 0x7f, 0x10, 0x00, 0x4f, wide ? 0x57 : 0x42, 0, 0], header.length);
  new DataView(file.buffer).setUint32(header.length + 8, pixelData.length, true);
  file.set(pixelData, header.length + 12);
  return file;
}
