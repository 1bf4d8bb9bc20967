import { isRecord } from '../isRecord.ts';

/**
 * A DICOM data set in the DICOM JSON Model (PS3.18 Annex F): the one shape in which headers travel here, whether they come
 * from DICOMweb, from a Part-10 file, or are on their way into one. Keys are eight upper-case hex digits ('0020000D').
 */
export interface DicomElement {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly BulkDataURI?: string;
  readonly InlineBinary?: string;
}
export type DicomDataset = Readonly<Record<string, DicomElement>>;

/** PN value as in PS3.18 F.2.2. */
interface PersonName {
  readonly Alphabetic?: string;
  readonly Ideographic?: string;
  readonly Phonetic?: string;
}

/** What archives send is only looked at one level deep before it gets here; the rest may be something else. */
function valuesOf(dataset: DicomDataset, tag: string): readonly unknown[] {
  const values: unknown = dataset[tag]?.Value;
  return Array.isArray(values) ? values : [];
}

/** First value as trimmed text ('' counts as absent); a person name gives its alphabetic group. */
export function text(dataset: DicomDataset, tag: string): string | undefined {
  const value = valuesOf(dataset, tag)[0];
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  const alphabetic: unknown = isRecord(value) ? (value as PersonName).Alphabetic : undefined;
  return typeof alphabetic === 'string' ? alphabetic.trim() || undefined : undefined;
}

/** All values as finite numbers; undefined where the element is absent or any value is not a number. */
export function numbers(dataset: DicomDataset, tag: string): readonly number[] | undefined {
  const values = valuesOf(dataset, tag);
  if (values.length === 0) return undefined;
  const parsed = values.map((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value));
  return parsed.every((value): value is number => typeof value === 'number' && Number.isFinite(value))
    ? parsed
    : undefined;
}

export const number = (dataset: DicomDataset, tag: string): number | undefined => numbers(dataset, tag)?.[0];

/** All values as text. */
export const texts = (dataset: DicomDataset, tag: string): readonly string[] =>
  valuesOf(dataset, tag).flatMap((value) =>
    typeof value === 'string' || typeof value === 'number' ? [String(value).trim()] : [],
  );

/** Items of a sequence; an absent or empty sequence gives []. */
export const items = (dataset: DicomDataset, tag: string): readonly DicomDataset[] =>
  valuesOf(dataset, tag).filter(isRecord) as readonly DicomDataset[];
