import { type DicomDataset, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { ok, type Result } from '#core/result.ts';
import type { CallOptions, StudyQuery } from '#extension-api';
import { datasetsOf } from './dicomJson.ts';
import { type Access, type Answer, read } from './request.ts';

const JSON_TYPES = ['application/dicom+json', 'application/json'] as const;

/** Asked for by name, because not every archive returns them unasked. */
const STUDY_FIELDS = [
  Tag.StudyDescription,
  Tag.ModalitiesInStudy,
  Tag.NumberOfStudyRelatedSeries,
  Tag.NumberOfStudyRelatedInstances,
];
const SERIES_FIELDS = [Tag.SeriesDescription, Tag.SeriesDate, Tag.BodyPartExamined, Tag.NumberOfSeriesRelatedInstances];

async function search(
  address: string,
  options: CallOptions,
  access?: Access,
): Promise<Result<readonly DicomDataset[]>> {
  const answer = await read(address, JSON_TYPES, options, access);
  return answer.ok ? datasetsOf(answer.value.bytes, answer.value.contentType) : answer;
}

/** PS3.18 8.3.4.4: the archive has more than it sent, although fewer than were asked for. */
const hasMore = ({ warning }: Answer): boolean => /\b299\b.*additional results/i.test(warning);

/**
 * Results of one page, whatever the archive makes of `limit` and `offset`: some send fewer at a time and say that there are
 * more, some ignore one or both. One that ignores `offset` is known by the study with which every answer begins.
 */
async function page(
  address: string,
  { offset, limit }: Pick<StudyQuery, 'offset' | 'limit'>,
  options: CallOptions,
  access: Access | undefined,
): Promise<Result<readonly DicomDataset[]>> {
  const found: DicomDataset[] = [];
  for (;;) {
    const at = offset + found.length;
    const separator = address.includes('?') ? '&' : '?';
    const answer = await read(
      `${address}${separator}limit=${limit - found.length}&offset=${at}`,
      JSON_TYPES,
      options,
      access,
    );
    if (!answer.ok) return answer;
    const datasets = datasetsOf(answer.value.bytes, answer.value.contentType);
    if (!datasets.ok) return datasets;
    const wanted = limit - found.length;
    if (datasets.value.length > wanted && at > 0) {
      // More than was asked for: from the place that was asked for, or from the very beginning?
      const first = await search(`${address}${separator}limit=1&offset=0`, options, access);
      if (!first.ok) return first;
      const uid = (dataset: DicomDataset | undefined) => dataset && text(dataset, Tag.StudyInstanceUID);
      const fromStart = uid(first.value[0]) === uid(datasets.value[0]);
      return ok([...found, ...datasets.value.slice(fromStart ? at : 0, (fromStart ? at : 0) + wanted)]);
    }
    found.push(...datasets.value.slice(0, wanted));
    if (found.length >= limit || datasets.value.length === 0 || !hasMore(answer.value)) return ok(found);
  }
}

/**
 * What the reader typed as a DICOM wildcard match (PS3.4 C.2.2.2.4): anywhere in the value, and with anything between the words, so
 * that 'Berger, Anna' finds 'Berger^Anna'. Wildcards that the reader typed stay what they are.
 */
export const wildcarded = (typed: string): string =>
  `*${typed
    .trim()
    .split(/[\s,^]+/)
    .filter(Boolean)
    .join('*')}*`.replace(/\*{2,}/g, '*');

/** What an archive has let known of itself; kept for as long as the source lives. */
export interface Abilities {
  /** False from the first answer on that says no. */
  fuzzyMatching: boolean;
}

/** PS3.18 8.3.4.2: the archive compared letter by letter although it was asked not to. */
const FUZZY_UNKNOWN = /\b299\b.*fuzzymatching/i;

/** Words without wildcards or digits may be a name that is spelt in another way. */
const mayBeName = (typed: string): boolean => /\p{L}/u.test(typed) && !/[\d*?]/.test(typed);

/**
 * Studies whose patient's name is much like what was typed (`fuzzymatching`, PS3.18 8.3.4.2), beside those that hold it letter by
 * letter. None where the archive cannot do that, which it says by a warning or a refusal.
 */
async function likeNamed(
  address: string,
  limit: number,
  options: CallOptions,
  access: Access | undefined,
  abilities: Abilities,
): Promise<Result<readonly DicomDataset[]>> {
  const answer = await read(`${address}&fuzzymatching=true&limit=${limit}&offset=0`, JSON_TYPES, options, access);
  if (!answer.ok) {
    const { code, context } = answer.error;
    if (code !== 'archive-refused' && context?.status !== 501) return answer;
    abilities.fuzzyMatching = false;
    return ok([]);
  }
  if (!FUZZY_UNKNOWN.test(answer.value.warning)) return datasetsOf(answer.value.bytes, answer.value.contentType);
  abilities.fuzzyMatching = false;
  return ok([]);
}

/**
 * Studies of the archive (QIDO-RS, PS3.18 10.6), newest first. Text is looked for in name and ID: two searches, because QIDO
 * knows no "or", and one for names alike where the archive can; joined by study.
 */
export async function searchStudies(
  root: string,
  { text: wanted, description, modality, dateRange, offset, limit }: StudyQuery,
  options: CallOptions = {},
  access?: Access,
  abilities: Abilities = { fuzzyMatching: false },
): Promise<Result<readonly DicomDataset[]>> {
  const parameters = new URLSearchParams(STUDY_FIELDS.map((tag) => ['includefield', tag]));
  if (modality) parameters.set('ModalitiesInStudy', modality);
  if (description) parameters.set('StudyDescription', `*${description}*`);
  if (dateRange) parameters.set('StudyDate', dateRange);
  if (!wanted?.trim()) return page(`${root}/studies?${parameters}`, { offset, limit }, options, access);
  const searches = (['PatientName', 'PatientID'] as const).map((keyword) =>
    page(
      `${root}/studies?${keyword}=${encodeURIComponent(wildcarded(wanted))}&${parameters}`,
      { offset: 0, limit: offset + limit },
      options,
      access,
    ),
  );
  if (abilities.fuzzyMatching && mayBeName(wanted)) {
    const name = encodeURIComponent(
      wanted
        .trim()
        .split(/[\s,^]+/)
        .join(' '),
    );
    const address = `${root}/studies?PatientName=${name}&${parameters}`;
    searches.push(likeNamed(address, offset + limit, options, access, abilities));
  }
  const studies = new Map<string, DicomDataset>();
  for (const found of await Promise.all(searches)) {
    if (!found.ok) return found;
    for (const study of found.value) studies.set(text(study, Tag.StudyInstanceUID) ?? '', study);
  }
  const date = (study: DicomDataset): string => `${text(study, Tag.StudyDate)}${text(study, Tag.StudyTime)}`;
  return ok([...studies.values()].sort((a, b) => date(b).localeCompare(date(a))).slice(offset, offset + limit));
}

/** Series of one study. */
export const listSeries = (root: string, studyInstanceUID: string, options: CallOptions = {}, access?: Access) =>
  search(
    `${root}/studies/${studyInstanceUID}/series?${new URLSearchParams(SERIES_FIELDS.map((tag) => ['includefield', tag]))}`,
    options,
    access,
  );

/** Headers of all instances of a series (PS3.18 10.4.1.1.2), with bulk data as addresses. @param address of the metadata */
export const seriesMetadata = (address: string, options: CallOptions = {}, access?: Access) =>
  search(address, options, access);
