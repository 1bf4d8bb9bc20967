import { type DicomDataset, type DicomElement, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { valueOfBytes } from './bulkValue.ts';
import { mediaTypeOf } from './mediaType.ts';
import { parseMultipart } from './multipart.ts';
import type { Answer } from './request.ts';

/** Longest value that is fetched, and all values of one series together. */
export const MOST_VALUE_BYTES = 16 << 20;
const MOST_SERIES_BYTES = 64 << 20;

export const BULK_DATA_TYPES = [
  'multipart/related; type="application/octet-stream"',
  'application/octet-stream',
  '*/*',
] as const;

/** What headers are read for. Pixels come frame by frame, and what nobody reads stays where it is. */
const WANTED: ReadonlySet<string> = new Set(Object.values(Tag).filter((tag) => tag !== Tag.PixelData));

export interface BulkDataPlace {
  /** DICOMweb root; nothing outside of it is ever asked. */
  readonly root: string;
  /** Where the headers came from: relative addresses begin here (PS3.18 F.2.2). */
  readonly metadataUrl: string;
  fetch(address: string): Promise<Result<Answer>>;
}

/**
 * Headers with the values that an archive left out and gave an address for (BulkDataURI, PS3.18 F.2.2), of the attributes that
 * are read here. Nothing is fetched where nothing of that is missing.
 * @returns errors of `fetch`, `bulk-data-elsewhere`, `bulk-data-too-large`, `archive-answer`: without its value a header would
 *   say something else (a rescale slope of 1)
 */
export async function withBulkData(
  headers: readonly DicomDataset[],
  place: BulkDataPlace,
): Promise<Result<readonly DicomDataset[]>> {
  const missing = headers.flatMap((header) => missingOf(header));
  if (missing.length === 0) return ok(headers);
  const study = headers[0] === undefined ? undefined : text(headers[0], Tag.StudyInstanceUID);
  const values = new Map<string, DicomElement>();
  let [bytes, failed]: [number, Result<never> | undefined] = [0, undefined];
  const take = async ({ vr, BulkDataURI: uri = '' }: DicomElement): Promise<void> => {
    const address = bulkDataAddress(uri, place, study);
    const answer = address === undefined ? err(elsewhere()) : await fetchUnlessFailed(address);
    const body = answer.ok ? bodyOf(answer.value) : answer;
    bytes += body.ok ? body.value.length : 0;
    const value = body.ok && bytes <= MOST_SERIES_BYTES ? valueOfBytes(vr, body.value) : undefined;
    if (value !== undefined) values.set(keyOf(vr, uri), value);
    else failed ??= body.ok ? err(bytes > MOST_SERIES_BYTES ? tooMuch() : unreadable()) : body;
  };
  const fetchUnlessFailed = async (address: string): Promise<Result<Answer>> => failed ?? place.fetch(address);
  // Instances often share an address: it is asked once.
  const unique = new Map(missing.map((element) => [keyOf(element.vr, element.BulkDataURI), element]));
  await Promise.all([...unique.values()].map(take));
  return failed ?? ok(headers.map((header) => filledIn(header, values)));
}

const keyOf = (vr: string, uri: string | undefined): string => `${vr} ${uri}`;

const isMissing = (tag: string, { Value, BulkDataURI, InlineBinary }: DicomElement): boolean =>
  typeof BulkDataURI === 'string' && Value === undefined && InlineBinary === undefined && WANTED.has(tag);

/** Items of a sequence from an archive, which may be anything. */
const itemsOf = ({ vr, Value }: DicomElement): readonly unknown[] => (vr === 'SQ' && Array.isArray(Value) ? Value : []);
const isItem = (value: unknown): value is DicomDataset =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((element) => typeof element === 'object' && element !== null);

const missingOf = (dataset: DicomDataset): readonly DicomElement[] =>
  Object.entries(dataset).flatMap(([tag, element]) =>
    isMissing(tag, element) ? [element] : itemsOf(element).flatMap((item) => (isItem(item) ? missingOf(item) : [])),
  );

const filledIn = (dataset: DicomDataset, values: ReadonlyMap<string, DicomElement>): DicomDataset =>
  Object.fromEntries(
    Object.entries(dataset).map(([tag, element]) => {
      const value = isMissing(tag, element) ? values.get(keyOf(element.vr, element.BulkDataURI)) : undefined;
      if (value !== undefined) return [tag, value];
      if (itemsOf(element).length === 0) return [tag, element];
      return [tag, { ...element, Value: itemsOf(element).map((it) => (isItem(it) ? filledIn(it, values) : it)) }];
    }),
  );

/**
 * Where a value is asked for: below the configured root, or nowhere. Archives behind a proxy name themselves as they see
 * themselves; what lies in the study is asked of the root that we were given.
 */
export function bulkDataAddress(
  uri: string,
  { root, metadataUrl }: Pick<BulkDataPlace, 'root' | 'metadataUrl'>,
  study: string | undefined,
): string | undefined {
  const here = typeof location === 'undefined' ? undefined : location.href;
  try {
    const home = new URL(root, here);
    const { origin, pathname, search, protocol } = new URL(uri, new URL(metadataUrl, here));
    if (protocol !== 'http:' && protocol !== 'https:') return undefined;
    const base = `${home.origin}${home.pathname.replace(/\/+$/, '')}`;
    if (`${origin}${pathname}`.startsWith(`${base}/`)) return `${origin}${pathname}${search}`;
    const at = study === undefined ? -1 : pathname.indexOf(`/studies/${study}/`);
    return at < 0 ? undefined : `${base}${pathname.slice(at)}${search}`;
  } catch {
    return undefined;
  }
}

/** The value's bytes, from an answer of one part or a multipart one of which it is the first. */
export function bodyOf({ bytes, contentType }: Answer): Result<Uint8Array> {
  const { type } = mediaTypeOf(contentType);
  // A login page is no value.
  if (type === 'text/html') return err(unreadable());
  if (!type.startsWith('multipart/')) return ok(bytes);
  const parts = parseMultipart(bytes, contentType);
  const first = parts.ok ? parts.value[0] : undefined;
  return first === undefined ? err(unreadable()) : ok(first.body);
}

const elsewhere = () =>
  appError('bulk-data-elsewhere', 'The archive keeps a part of the headers at another address, which is not asked.', {
    remedy: 'Tell your PACS administrator: bulk data has to lie below the address of the archive.',
  });

const tooMuch = () =>
  appError('bulk-data-too-large', 'The archive keeps more beside the headers than is taken.', {
    remedy: 'Tell your PACS administrator.',
  });

const unreadable = () =>
  appError('archive-answer', 'What the archive answered is not the value of the header that was asked for.', {
    remedy: 'Try again; if it stays so, check that no login page stands in between.',
  });
