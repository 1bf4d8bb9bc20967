import type { StudyQuery } from '#extension-api';

/** Dates that a reader asks for; days back from today. */
export const DATE_CHOICES = ['any', 'today', '7', '30', '365', 'range'] as const;
export type DateChoice = (typeof DATE_CHOICES)[number];

export interface StudyFilter {
  readonly text: string;
  /** '' for any. */
  readonly modality: string;
  readonly date: DateChoice;
  /** Ends of the range, ISO 8601 dates, both included; '' where it is open. Heeded where the choice is `range`. */
  readonly from: string;
  readonly to: string;
  /** Part of the study description. */
  readonly description: string;
}

export const NO_FILTER: StudyFilter = {
  text: '',
  modality: '',
  date: 'any',
  from: '',
  to: '',
  description: '',
};

export const isFiltered = (filter: StudyFilter): boolean =>
  filter.text.trim() !== '' ||
  filter.modality !== '' ||
  filter.description.trim() !== '' ||
  dateRangeOf(filter, new Date()) !== undefined;

/** @param today local date of the reader */
export function studyQuery(filter: StudyFilter, offset: number, limit: number, today: Date): StudyQuery {
  const dateRange = dateRangeOf(filter, today);
  return {
    ...(filter.text.trim() === '' ? {} : { text: filter.text.trim() }),
    ...(filter.modality === '' ? {} : { modality: filter.modality }),
    ...(filter.description.trim() === '' ? {} : { description: filter.description.trim() }),
    ...(dateRange === undefined ? {} : { dateRange }),
    offset,
    limit,
  };
}

/** DA range (PS3.4 C.2.2.2.5.1); the ends are put in order, because a range the wrong way round would find nothing. */
function dateRangeOf({ date, from, to }: StudyFilter, today: Date): string | undefined {
  if (date !== 'range') {
    const days = { any: undefined, today: 0, 7: 7, 30: 30, 365: 365 }[date];
    return days === undefined ? undefined : `${dicomDate(today, days)}-`;
  }
  const [a, b] = [from.replaceAll('-', ''), to.replaceAll('-', '')];
  if (a === '' && b === '') return undefined;
  return a !== '' && b !== '' && a > b ? `${b}-${a}` : `${a}-${b}`;
}

/** DICOM DA of the day that lies so many days before; by the calendar, so that clock changes do not matter. */
function dicomDate(today: Date, daysBack: number): string {
  const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysBack);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day.getFullYear()}${two(day.getMonth() + 1)}${two(day.getDate())}`;
}
