import { type DicomDataset, items, number, text, texts } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';

/** What the study list shows of one study (QIDO-RS study level, PS3.18 Table 10.6.3-3). */
export interface StudySummary {
  readonly studyInstanceUID: string;
  readonly patientName: string | undefined;
  readonly patientId: string | undefined;
  readonly date: string | undefined;
  readonly description: string | undefined;
  readonly modalities: readonly string[];
}

export interface SeriesSummary {
  readonly seriesInstanceUID: string;
  readonly modality: string;
  readonly number: number | undefined;
  readonly description: string | undefined;
  readonly date: string | undefined;
  readonly images: number | undefined;
}

/** What the header of a SEG says of itself (PS3.3 A.51, C.7.6.16 for what it refers to). */
export interface SegmentationSummary {
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** Above 1 for revisions in one series. */
  readonly instanceNumber: number | undefined;
  readonly label: string | undefined;
  /** When it was made. */
  readonly date: string | undefined;
  readonly segments: readonly string[];
  readonly referencedSeriesUID: string | undefined;
}

const REFERENCED_SERIES_SEQUENCE = '00081115';
const SEGMENT_SEQUENCE = '00620002';
const SEGMENT_LABEL = '00620005';
const CONTENT_LABEL = '00700080';
const CONTENT_DATE = '00080023';
const MODALITIES_WITHOUT_IMAGES: ReadonlySet<string> = new Set(
  'SR PR KO DOC RTSTRUCT RTPLAN RTRECORD REG FID RWV PLAN AU ECG EPS HD RESP STAIN ANN ASMT SEG M3D'.split(' '),
);

/** @returns undefined for an answer without a UID: nothing could be opened by it */
export function studySummary(dataset: DicomDataset): StudySummary | undefined {
  const studyInstanceUID = text(dataset, Tag.StudyInstanceUID);
  if (studyInstanceUID === undefined) return undefined;
  return {
    studyInstanceUID,
    patientName: personName(text(dataset, Tag.PatientName)),
    patientId: text(dataset, Tag.PatientID),
    date: shownDate(text(dataset, Tag.StudyDate)),
    description: description(text(dataset, Tag.StudyDescription)),
    modalities: texts(dataset, Tag.ModalitiesInStudy),
  };
}

export function seriesSummary(dataset: DicomDataset): SeriesSummary | undefined {
  const seriesInstanceUID = text(dataset, Tag.SeriesInstanceUID);
  if (seriesInstanceUID === undefined) return undefined;
  return {
    seriesInstanceUID,
    modality: text(dataset, Tag.Modality) ?? 'OT',
    number: number(dataset, Tag.SeriesNumber),
    description: text(dataset, Tag.SeriesDescription),
    date: shownDate(text(dataset, Tag.SeriesDate)),
    images: number(dataset, Tag.NumberOfSeriesRelatedInstances),
  };
}

export function segmentationSummary(header: DicomDataset): SegmentationSummary | undefined {
  const sopInstanceUID = text(header, Tag.SOPInstanceUID);
  const seriesInstanceUID = text(header, Tag.SeriesInstanceUID);
  if (sopInstanceUID === undefined || seriesInstanceUID === undefined) return undefined;
  const referenced = items(header, REFERENCED_SERIES_SEQUENCE)[0];
  return {
    sopInstanceUID,
    seriesInstanceUID,
    instanceNumber: number(header, Tag.InstanceNumber),
    label: text(header, Tag.SeriesDescription) ?? text(header, CONTENT_LABEL),
    date: shownDate(text(header, CONTENT_DATE) ?? text(header, Tag.SeriesDate)),
    segments: items(header, SEGMENT_SEQUENCE).flatMap((item) => text(item, SEGMENT_LABEL) ?? []),
    referencedSeriesUID: referenced && text(referenced, Tag.SeriesInstanceUID),
  };
}

export const hasImages = ({ modality }: SeriesSummary): boolean => !MODALITIES_WITHOUT_IMAGES.has(modality);

/** Made by a program, not a patient: said by its own description, and shown so that nobody takes it for one. */
export const isSynthetic = (description: string | undefined): boolean => /synthetic|phantom/i.test(description ?? '');

/** 'Doe^John^^Dr' to 'Doe, John' (PS3.5 6.2.1: family, given, middle, prefix, suffix). */
export function personName(value: string | undefined): string | undefined {
  const [family = '', given = '', middle = ''] = (value ?? '').split('^').map((part) => part.trim());
  const rest = [given, middle].filter((part) => part !== '').join(' ');
  return [family, rest].filter((part) => part !== '').join(', ') || undefined;
}

/** Some scanners write '^' between the parts of a description, as in a name. */
export const description = (value: string | undefined): string | undefined =>
  value?.replaceAll('^', ' ').trim() || undefined;

/** DA to ISO 8601; what is not a DA is shown as it is. */
export function shownDate(value: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(value ?? '') ?? [];
  return year === undefined ? value : `${year}-${month}-${day}`;
}
