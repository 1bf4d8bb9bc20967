import { type DicomDataset, type DicomElement, text, texts } from './dataset.ts';
import { Tag } from './tags.ts';

export type QueryLevel = 'study' | 'series' | 'instance';

const STUDY_TAGS = [
  Tag.SpecificCharacterSet,
  Tag.StudyDate,
  Tag.StudyTime,
  Tag.AccessionNumber,
  Tag.ReferringPhysicianName,
  Tag.StudyDescription,
  Tag.PatientName,
  Tag.PatientID,
  Tag.PatientBirthDate,
  Tag.PatientSex,
  Tag.StudyInstanceUID,
  Tag.StudyID,
] as const;

const SERIES_TAGS = [
  Tag.SeriesDate,
  Tag.Modality,
  Tag.Manufacturer,
  Tag.SeriesDescription,
  Tag.BodyPartExamined,
  Tag.SeriesInstanceUID,
  Tag.SeriesNumber,
] as const;

const INSTANCE_TAGS = [
  Tag.SOPClassUID,
  Tag.SOPInstanceUID,
  Tag.InstanceNumber,
  Tag.NumberOfFrames,
  Tag.Rows,
  Tag.Columns,
  Tag.BitsAllocated,
] as const;

/** What a query answers at each level (PS3.18 Tables 10.6.1-5, -3 and -4), all of it taken from instance headers. */
export const QUERY_TAGS: Readonly<Record<QueryLevel, readonly string[]>> = {
  study: STUDY_TAGS,
  series: [Tag.StudyInstanceUID, ...SERIES_TAGS],
  instance: [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.Modality, ...INSTANCE_TAGS],
};

/** Enough of a header to answer any query about it. */
export const summaryOf = (header: DicomDataset): DicomDataset =>
  picked(header, [...STUDY_TAGS, ...SERIES_TAGS, ...INSTANCE_TAGS]);

/** Study-level record of all instances of one study. @param instances headers or summaries, at least one */
export function studyRecord(instances: readonly DicomDataset[]): DicomDataset {
  const modalities = distinct(instances, Tag.Modality);
  return {
    ...picked(firstOf(instances), STUDY_TAGS),
    [Tag.ModalitiesInStudy]: { vr: 'CS', ...(modalities.length > 0 && { Value: modalities }) },
    [Tag.NumberOfStudyRelatedSeries]: count(distinct(instances, Tag.SeriesInstanceUID).length),
    [Tag.NumberOfStudyRelatedInstances]: count(instances.length),
  };
}

/** Series-level record of all instances of one series. */
export const seriesRecord = (instances: readonly DicomDataset[]): DicomDataset => ({
  ...picked(firstOf(instances), QUERY_TAGS.series),
  [Tag.NumberOfSeriesRelatedInstances]: count(instances.length),
});

export const instanceRecord = (instance: DicomDataset): DicomDataset => picked(instance, QUERY_TAGS.instance);

/** Groups in order of first appearance by the value of a UID. */
export function groupedBy(
  instances: readonly DicomDataset[],
  tag: string,
): ReadonlyMap<string, readonly DicomDataset[]> {
  const groups = new Map<string, DicomDataset[]>();
  for (const instance of instances) {
    const uid = text(instance, tag) ?? '';
    const group = groups.get(uid);
    if (group === undefined) groups.set(uid, [instance]);
    else group.push(instance);
  }
  return groups;
}

function firstOf(instances: readonly DicomDataset[]): DicomDataset {
  const first = instances[0];
  if (first === undefined) throw new Error('a record needs at least one instance');
  return first;
}

const distinct = (instances: readonly DicomDataset[], tag: string): string[] => [
  ...new Set(instances.flatMap((instance) => texts(instance, tag))),
];

const count = (value: number): DicomElement => ({ vr: 'IS', Value: [value] });

const picked = (dataset: DicomDataset, tags: readonly string[]): DicomDataset =>
  Object.fromEntries(tags.flatMap((tag) => (dataset[tag] === undefined ? [] : [[tag, dataset[tag]]])));
