import { type DicomDataset, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { description, isSynthetic, personName, shownDate } from '../browser/summaries.ts';

/** Whose images are on the screen: what must be checked before anything is measured. */
export interface PatientBanner {
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly birthDate: string | undefined;
  readonly sex: string | undefined;
  readonly studyDate: string | undefined;
  readonly studyDescription: string | undefined;
  readonly seriesDescription: string | undefined;
  readonly synthetic: boolean;
}

/** @param header header of any image of the series */
export function patientBanner(header: DicomDataset): PatientBanner {
  const studyDescription = description(text(header, Tag.StudyDescription));
  const seriesDescription = text(header, Tag.SeriesDescription);
  return {
    name: personName(text(header, Tag.PatientName)),
    id: text(header, Tag.PatientID),
    birthDate: shownDate(text(header, Tag.PatientBirthDate)),
    sex: text(header, Tag.PatientSex),
    studyDate: shownDate(text(header, Tag.StudyDate)),
    studyDescription,
    seriesDescription,
    synthetic: isSynthetic(studyDescription) || isSynthetic(seriesDescription),
  };
}
