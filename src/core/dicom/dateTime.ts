import { type DicomDataset, text } from './dataset.ts';

/** Seconds on the clock of the place where the images were made, since 1970; no time zone is applied. */
export type LocalSeconds = number;

const DAY_SECONDS = 86_400;
const TIME = String.raw`(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,6}))?)?)?`;
const TM = new RegExp(`^${TIME}$`);
const DA = /^(\d{4})\.?(\d{2})\.?(\d{2})$/;
const DT = new RegExp(String.raw`^(\d{4})(\d{2})(\d{2})${TIME}([+-]\d{4})?$`);

/** Seconds since midnight of a TM (PS3.5 6.2), also with the colons of the old form; undefined where it is none. */
export function secondsOfTime(tm: string | undefined): number | undefined {
  const match = TM.exec((tm ?? '').replaceAll(':', ''));
  return match === null ? undefined : ofParts(match.slice(1));
}

function ofParts([hours, minutes = '0', seconds = '0', fraction = '0']: readonly (string | undefined)[]):
  | number
  | undefined {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  return h > 23 || m > 59 || s > 60 ? undefined : 3600 * h + 60 * m + s + Number(`0.${fraction}`);
}

function secondsOfDate(year: string, month: string, day: string): number | undefined {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 ? date.getTime() / 1000 : undefined;
}

/** A date and a time of two attributes, DA and TM; both must be there. */
export function dateAndTime(dataset: DicomDataset, dateTag: string, timeTag: string): LocalSeconds | undefined {
  const match = DA.exec(text(dataset, dateTag) ?? '');
  const date = match === null ? undefined : secondsOfDate(match[1]!, match[2]!, match[3]!);
  const time = secondsOfTime(text(dataset, timeTag));
  return date === undefined || time === undefined ? undefined : date + time;
}

export interface DateTime {
  readonly seconds: LocalSeconds;
  /** Minutes east of UTC, where the value says so. */
  readonly zone: number | undefined;
}

/** A DT (PS3.5 6.2) that is known at least to the hour. */
export function dateTimeOf(dt: string | undefined): DateTime | undefined {
  const match = DT.exec(dt ?? '');
  if (match === null) return undefined;
  const [, year, month, day, ...rest] = match;
  const date = secondsOfDate(year!, month!, day!);
  const time = ofParts(rest.slice(0, 4));
  return date === undefined || time === undefined ? undefined : { seconds: date + time, zone: zoneMinutes(rest[4]) };
}

/** '+0130' as minutes. */
export function zoneMinutes(zone: string | undefined): number | undefined {
  const match = /^([+-])(\d{2})(\d{2})$/.exec(zone ?? '');
  if (match === null) return undefined;
  return (match[1] === '-' ? -1 : 1) * (60 * Number(match[2]) + Number(match[3]));
}

/** How far apart two times of day are, round the clock, seconds. */
export function clockDistance(a: number, b: number): number {
  const apart = (((a - b) % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
  return Math.min(apart, DAY_SECONDS - apart);
}

/** Midnight before. */
export const midnightOf = (seconds: LocalSeconds): LocalSeconds => Math.floor(seconds / DAY_SECONDS) * DAY_SECONDS;
