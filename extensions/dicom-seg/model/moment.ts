/** A point in time as DICOM writes it, in one time zone. */
export interface Moment {
  /** DA: YYYYMMDD. */
  readonly date: string;
  /** TM: HHMMSS.FFF. */
  readonly time: string;
  /** Timezone Offset From UTC (0008,0201): '+0100'. */
  readonly offset: string;
}

/** @param offsetMinutes east of Greenwich; `-now.getTimezoneOffset()` for the clock on the wall */
export function momentOf(now: Date, offsetMinutes: number): Moment {
  const shifted = new Date(now.getTime() + offsetMinutes * 60_000).toISOString();
  const size = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? '-' : '+';
  return {
    date: shifted.slice(0, 10).replaceAll('-', ''),
    time: shifted.slice(11, 23).replaceAll(':', ''),
    offset: `${sign}${twoDigits(Math.floor(size / 60))}${twoDigits(size % 60)}`,
  };
}

/** DT with its own time zone. */
export const dateTimeOf = ({ date, time, offset }: Moment): string => `${date}${time}${offset}`;

/** Minutes east of Greenwich of '+0130'; undefined where the text is none. */
export function offsetMinutesOf(text: string | undefined): number | undefined {
  const match = /^([+-])(\d\d)(\d\d)$/.exec(text ?? '');
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
