import { type DicomDataset, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { ok, type Result } from '#core/result.ts';
import type { CallOptions, StudyQuery } from '#extension-api';
import { datasetsOf } from './dicomJson.ts';
import { type Backoff, read } from './request.ts';

const JSON_TYPE = 'application/dicom+json';

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
  backoff?: Backoff,
): Promise<Result<readonly DicomDataset[]>> {
  const answer = await read(address, JSON_TYPE, options, backoff);
  return answer.ok ? datasetsOf(answer.value.bytes, answer.value.contentType) : answer;
}

/**
 * Studies of the archive (QIDO-RS, PS3.18 10.6), newest first. Text is looked for in name and ID: two searches, because QIDO
 * knows no "or", joined by study.
 */
export async function searchStudies(
  root: string,
  { text: wanted, modality, dateRange, offset, limit }: StudyQuery,
  options: CallOptions = {},
  backoff?: Backoff,
): Promise<Result<readonly DicomDataset[]>> {
  const parameters = new URLSearchParams(STUDY_FIELDS.map((tag) => ['includefield', tag]));
  if (modality) parameters.set('ModalitiesInStudy', modality);
  if (dateRange) parameters.set('StudyDate', dateRange);
  if (!wanted) {
    parameters.set('limit', String(limit));
    parameters.set('offset', String(offset));
    return search(`${root}/studies?${parameters}`, options, backoff);
  }
  parameters.set('limit', String(offset + limit));
  const searches = (['PatientName', 'PatientID'] as const).map((keyword) =>
    search(`${root}/studies?${keyword}=${encodeURIComponent(`*${wanted}*`)}&${parameters}`, options, backoff),
  );
  const studies = new Map<string, DicomDataset>();
  for (const found of await Promise.all(searches)) {
    if (!found.ok) return found;
    for (const study of found.value) studies.set(text(study, Tag.StudyInstanceUID) ?? '', study);
  }
  const date = (study: DicomDataset): string => `${text(study, Tag.StudyDate)}${text(study, Tag.StudyTime)}`;
  return ok([...studies.values()].sort((a, b) => date(b).localeCompare(date(a))).slice(offset, offset + limit));
}

/** Series of one study. */
export const listSeries = (root: string, studyInstanceUID: string, options: CallOptions = {}, backoff?: Backoff) =>
  search(
    `${root}/studies/${studyInstanceUID}/series?${new URLSearchParams(SERIES_FIELDS.map((tag) => ['includefield', tag]))}`,
    options,
    backoff,
  );

/** Headers of all instances of a series, without bulk data (PS3.18 10.4.1.1.2). */
export const seriesHeaders = (
  root: string,
  studyInstanceUID: string,
  seriesInstanceUID: string,
  options: CallOptions = {},
  backoff?: Backoff,
) => search(`${root}/studies/${studyInstanceUID}/series/${seriesInstanceUID}/metadata`, options, backoff);
