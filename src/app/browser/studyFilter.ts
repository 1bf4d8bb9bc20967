import type { StudyQuery } from '#extension-api';

/** Dates that a reader asks for; days back from today. */
export const DATE_CHOICES = ['any', 'today', '7', '30', '365'] as const;
export type DateChoice = (typeof DATE_CHOICES)[number];

export interface StudyFilter {
  readonly text: string;
  /** '' for any. */
  readonly modality: string;
  readonly date: DateChoice;
}

export const NO_FILTER: StudyFilter = { text: '', modality: '', date: 'any' };

export const isFiltered = (filter: StudyFilter): boolean =>
  filter.text.trim() !== '' || filter.modality !== '' || filter.date !== 'any';

/** @param today local date of the reader */
export function studyQuery(filter: StudyFilter, offset: number, limit: number, today: Date): StudyQuery {
  const days = { any: undefined, today: 0, 7: 7, 30: 30, 365: 365 }[filter.date];
  return {
    ...(filter.text.trim() === '' ? {} : { text: filter.text.trim() }),
    ...(filter.modality === '' ? {} : { modality: filter.modality }),
    ...(days === undefined ? {} : { dateRange: `${dicomDate(today, days)}-` }),
    offset,
    limit,
  };
}

/** DICOM DA of the day that lies so many days before; by the calendar, so that clock changes do not matter. */
function dicomDate(today: Date, daysBack: number): string {
  const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysBack);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day.getFullYear()}${two(day.getMonth() + 1)}${two(day.getDate())}`;
}
