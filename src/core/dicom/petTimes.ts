import { err, ok, type Result } from '../result.ts';
import { type DicomDataset, number, text } from './dataset.ts';
import {
  clockDistance,
  dateAndTime,
  dateTimeOf,
  type LocalSeconds,
  midnightOf,
  secondsOfTime,
  zoneMinutes,
} from './dateTime.ts';
import { privateText } from './privateElement.ts';
import type { SuvRefusal } from './suvRefusal.ts';
import { Tag } from './tags.ts';

const AT = {
  acquisitionDate: '00080022',
  acquisitionDateTime: '0008002A',
  seriesTime: '00080031',
  acquisitionTime: '00080032',
  zone: '00080201',
  frameDuration: '00181242',
  injectionTime: '00181072',
  injectionDateTime: '00181078',
  frameReferenceTime: '00541300',
} as const;

/** Acquisition times are often whole seconds where series times are not. */
const CLOCK_TOLERANCE = 1;
/** Within this two ways of telling one time agree; at the half-life of F-18 it is 0.6 %. */
const AGREEMENT = 60;
const HALF_DAY = 43_200;
/** Seconds. Of what decays faster nothing is left a day later, so a time without a date is of the last day. */
const DAY_IS_CERTAIN_BELOW = 21_600;
/** Less than a thousandth of the dose is left. */
const MOST_HALF_LIVES = 10;

/**
 * The time to which pixel values with Decay Correction START are corrected (PS3.3 C.8.9.1): Series Date and Time, unless a later
 * workstation has set them. Then the scanner's own time (GE), or the one that the frames were referred to, from the mean time of
 * their counts (the order of the vendor-neutral rules of the QIBA FDG-PET/CT profile, appendix G).
 * @param slices headers of all slices, of all bed positions
 */
export function scanStart(slices: readonly DicomDataset[], halfLife: number): Result<LocalSeconds, SuvRefusal> {
  const acquisitions = slices.map(acquisitionTime);
  const series = new Set(slices.map((slice) => dateAndTime(slice, Tag.SeriesDate, AT.seriesTime)));
  const [start] = series;
  if (series.size !== 1 || acquisitions.some((time) => time === undefined)) return err('scan-time');
  const earliest = acquisitions.reduce<number>((least, time) => Math.min(least, time!), Number.POSITIVE_INFINITY);
  if (start !== undefined && start <= earliest + CLOCK_TOLERANCE) return ok(start);
  const own = new Set(slices.map((slice) => dateTimeOf(privateText(slice, '0009', 'GEMS_PETD_01', '0D'))?.seconds));
  const [scanner] = own;
  if (own.size === 1 && scanner !== undefined && scanner <= earliest + CLOCK_TOLERANCE) return ok(scanner);
  const referred = slices.map((slice, index) => referenceOf(slice, acquisitions[index]!, halfLife));
  if (referred.some((time) => time === undefined)) return err('scan-time');
  const [first, last] = [least(referred), -least(referred.map((time) => -time!))];
  return last - first <= AGREEMENT && first <= earliest + CLOCK_TOLERANCE ? ok(first) : err('scan-time');
}

const least = (times: readonly (number | undefined)[]): number =>
  times.reduce<number>((known, time) => Math.min(known, time!), Number.POSITIVE_INFINITY);

const acquisitionTime = (slice: DicomDataset): LocalSeconds | undefined =>
  dateAndTime(slice, AT.acquisitionDate, AT.acquisitionTime) ??
  dateTimeOf(text(slice, AT.acquisitionDateTime))?.seconds;

/** Frame Reference Time is where, counted from the start, the activity is what it was on average over the frame. */
function referenceOf(slice: DicomDataset, acquired: LocalSeconds, halfLife: number): LocalSeconds | undefined {
  const [reference, duration] = [number(slice, AT.frameReferenceTime), number(slice, AT.frameDuration)];
  if (reference === undefined || duration === undefined || !(reference > 0) || !(duration > 0)) return undefined;
  const rate = Math.LN2 / halfLife;
  const decay = (rate * duration) / 1000;
  const average = Math.log(decay / (1 - Math.exp(-decay))) / rate;
  return acquired + average - reference / 1000;
}

/** What a header says of when the dose was given, as it is written. */
export interface InjectionTimes {
  readonly dateTime: string | undefined;
  readonly time: string | undefined;
  /** Time zone of the dates and times of the images. */
  readonly zone: string | undefined;
}

/** @param item of the Radiopharmaceutical Information Sequence */
export const injectionTimes = (item: DicomDataset, slice: DicomDataset): InjectionTimes => ({
  dateTime: text(item, AT.injectionDateTime),
  time: text(item, AT.injectionTime),
  zone: text(slice, AT.zone),
});

/** Seconds from the injection to the start of the scan. */
export function decayTime(
  { dateTime, time, zone }: InjectionTimes,
  start: LocalSeconds,
  halfLife: number,
): Result<number, SuvRefusal> {
  const clock = secondsOfTime(time);
  const elapsed =
    dateTime === undefined
      ? fromClock(clock, start, halfLife)
      : fromDate(dateTimeOf(dateTime), clock, start, zoneMinutes(zone));
  if (!elapsed.ok) return elapsed;
  return elapsed.value >= 0 && elapsed.value <= MOST_HALF_LIVES * halfLife ? elapsed : err('decay-time');
}

/** A time of day alone is of the day of the scan; or of the evening before, when the scan came after midnight. */
function fromClock(clock: number | undefined, start: LocalSeconds, halfLife: number): Result<number, SuvRefusal> {
  if (clock === undefined) return err('injection-time');
  if (halfLife >= DAY_IS_CERTAIN_BELOW) return err('injection-day');
  const sameDay = start - midnightOf(start) - clock;
  return ok(sameDay < -HALF_DAY ? sameDay + 2 * HALF_DAY : sameDay);
}

function fromDate(
  dated: ReturnType<typeof dateTimeOf>,
  clock: number | undefined,
  start: LocalSeconds,
  zone: number | undefined,
): Result<number, SuvRefusal> {
  if (dated === undefined) return err('injection-time');
  const local =
    dated.zone === undefined || zone === undefined ? dated.seconds : dated.seconds + 60 * (zone - dated.zone);
  const agree = clock !== undefined && clockDistance(local, clock) <= AGREEMENT;
  // A value with a zone among times without: its digits are local time only where the time of day says the same.
  if (dated.zone !== undefined && zone === undefined && !agree) return err('time-zone');
  if (clock !== undefined && !agree) return err('injection-times');
  return ok(start - local);
}
