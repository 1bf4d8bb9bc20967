import type { ServerResponse } from 'node:http';
import { type DicomDataset, number, text } from '#core/dicom/dataset.ts';
import { type MatchingKeys, matchesKeys } from '#core/dicom/queryMatching.ts';
import { groupedBy, instanceRecord, type QueryLevel, seriesRecord, studyRecord } from '#core/dicom/queryRecords.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { Archive, ArchivedInstance } from '../archive/archive.ts';
import { readHeader } from '../archive/readHeader.ts';
import { sendDicomJson, sendError } from '../respond.ts';

/** Where a query is asked: PS3.18 Table 10.6.1-1. */
export interface QueryTarget {
  readonly level: QueryLevel;
  readonly study?: string;
  readonly series?: string;
}

const KEYWORDS: Readonly<Record<string, string>> = Tag;
const NOT_KEYS = new Set(['limit', 'offset', 'includefield', 'fuzzymatching', 'emptyvaluematching']);
/** Word by word as PS3.18 8.3.4.2 has it. */
const NO_FUZZY_MATCHING =
  '299 voxprompt "The fuzzymatching parameter is not supported. Only literal matching has been performed."';
const MAX_RESULTS = 10_000;

/** Answers a QIDO-RS search (PS3.18 10.6) from the index. */
export async function sendQuery(
  response: ServerResponse,
  archive: Archive,
  target: QueryTarget,
  url: URL,
): Promise<void> {
  const keys = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (NOT_KEYS.has(name.toLowerCase())) continue;
    const tag = tagOf(name);
    if (tag === undefined) return sendError(response, 400, `${name} is no attribute that can be searched for.`);
    keys.set(tag, value);
  }
  const limit = countOf(url.searchParams.get('limit'), MAX_RESULTS);
  const offset = countOf(url.searchParams.get('offset'), 0);
  if (limit === undefined || offset === undefined)
    return sendError(response, 400, 'limit and offset must be whole numbers.');
  const found = search(archive, target, keys);
  const page = found.slice(offset, offset + Math.min(limit, MAX_RESULTS));
  const fields = url.searchParams.getAll('includefield').flatMap((value) => value.split(','));
  const records = await Promise.all(page.map((record) => completed(record, archive, target.level, fields)));
  response.setHeader('X-Total-Count', found.length);
  if (url.searchParams.get('fuzzymatching') === 'true') response.setHeader('Warning', NO_FUZZY_MATCHING);
  sendDicomJson(
    response,
    200,
    records.map((record) => withAddress(record, target.level, url)),
  );
}

/** A record of the search, and the UID of an instance that it was made from. */
interface Found {
  readonly record: DicomDataset;
  readonly sopInstanceUID: string;
}

function search(archive: Archive, { level, study, series }: QueryTarget, keys: MatchingKeys): Found[] {
  const scope = [...archive.instances()]
    .filter(
      (it) =>
        (study === undefined || it.studyInstanceUID === study) &&
        (series === undefined || it.seriesInstanceUID === series),
    )
    .map(({ summary }) => summary);
  const records: Found[] = [];
  for (const instances of groupedBy(scope, Tag.StudyInstanceUID).values()) {
    const ofStudy = studyRecord(instances);
    if (level === 'study') records.push(found(ofStudy, instances[0]!));
    else records.push(...searchStudy(instances, level, ofStudy));
  }
  return records.filter(({ record }) => matchesKeys(record, keys)).sort(bySortKey(level));
}

function searchStudy(instances: readonly DicomDataset[], level: QueryLevel, study: DicomDataset): Found[] {
  return [...groupedBy(instances, Tag.SeriesInstanceUID).values()].flatMap((ofSeries) => {
    const series = { ...study, ...seriesRecord(ofSeries) };
    if (level === 'series') return [found(series, ofSeries[0]!)];
    return ofSeries.map((instance) => found({ ...series, ...instanceRecord(instance) }, instance));
  });
}

const found = (record: DicomDataset, instance: DicomDataset): Found => ({
  record,
  sopInstanceUID: text(instance, Tag.SOPInstanceUID) ?? '',
});

/** Newest study first; series and instances by their number. */
function bySortKey(level: QueryLevel) {
  const tag = level === 'series' ? Tag.SeriesNumber : Tag.InstanceNumber;
  const date = ({ record }: Found): string => `${text(record, Tag.StudyDate)}${text(record, Tag.StudyTime)}`;
  return (a: Found, b: Found): number =>
    level === 'study'
      ? date(b).localeCompare(date(a))
      : (number(a.record, tag) ?? 0) - (number(b.record, tag) ?? 0) || a.sopInstanceUID.localeCompare(b.sopInstanceUID);
}

/** Adds what `includefield` asks for and the index does not hold, from the header of one instance. */
async function completed(
  { record, sopInstanceUID }: Found,
  archive: Archive,
  level: QueryLevel,
  fields: readonly string[],
) {
  const wanted = fields.map((field) => (field.toLowerCase() === 'all' ? 'all' : tagOf(field)));
  const missing = wanted.some((tag) => tag !== undefined && record[tag] === undefined);
  const instance = missing ? archive.find(sopInstanceUID) : undefined;
  if (instance === undefined) return record;
  const header = await readHeader(instance.path, { name: sopInstanceUID, inlineBytes: 0 }).catch(() => undefined);
  if (!header?.ok) return record;
  const all = wanted.includes('all') && level === 'instance';
  const added = Object.entries(header.value.dataset).filter(([tag]) => all || wanted.includes(tag));
  return { ...Object.fromEntries(added), ...record };
}

/** Retrieve URL (0008,1190), on the address under which the client knows us. */
function withAddress(record: DicomDataset, level: QueryLevel, url: URL): DicomDataset {
  const series = level === 'study' ? '' : `/series/${text(record, Tag.SeriesInstanceUID)}`;
  const instance = level === 'instance' ? `/instances/${text(record, Tag.SOPInstanceUID)}` : '';
  const address = `${url.origin}/dicom-web/studies/${text(record, Tag.StudyInstanceUID)}${series}${instance}`;
  return { ...record, '00081190': { vr: 'UR', Value: [address] } };
}

const tagOf = (name: string): string | undefined =>
  /^[0-9A-Fa-f]{8}$/.test(name) ? name.toUpperCase() : Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined;

const countOf = (value: string | null, absent: number): number | undefined =>
  value === null ? absent : /^\d{1,9}$/.test(value) ? Number(value) : undefined;

export const instancesOf = (archive: Archive, study: string, series?: string, instance?: string): ArchivedInstance[] =>
  [...archive.instances()].filter(
    (it) =>
      it.studyInstanceUID === study &&
      (series === undefined || it.seriesInstanceUID === series) &&
      (instance === undefined || it.sopInstanceUID === instance),
  );
