import type { IntensityStatistics } from '#core/labelmap/measureIntensity.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import { text } from '../text.ts';
import type { ShapeMeasures } from './measureSegment.ts';

/** What is known of one segment. */
export interface SegmentResults {
  readonly segment: Segment;
  readonly shape: ShapeMeasures | undefined;
  readonly intensity: IntensityStatistics | undefined;
  /** 'HU', 'SUV'; empty where the values have none. */
  readonly units: string;
}

/** One row for each segment, for a spreadsheet (RFC 4180): a point as decimal sign, units in the headings. */
export function resultsCsv(results: readonly SegmentResults[]): string {
  const units = results[0]?.units ?? '';
  const rows = results.map(({ segment, shape, intensity }) => [
    typed(segment.label),
    typed(segment.type.meaning),
    typed(segment.laterality?.meaning ?? ''),
    figure(shape?.volume === undefined ? undefined : shape.volume / 1000),
    figure(shape?.diameter?.longMm),
    figure(shape?.diameter?.shortMm),
    whole(shape?.diameter === undefined ? undefined : shape.diameter.k + 1),
    whole(shape?.extent.slices),
    whole(shape === undefined ? undefined : shape.extent.first + 1),
    whole(shape === undefined ? undefined : shape.extent.last + 1),
    figure(intensity?.mean),
    figure(intensity?.standardDeviation),
    figure(intensity?.minimum),
    figure(intensity?.maximum),
  ]);
  return [text.results.headings(units), ...rows]
    .map((row) => row.map(quoted).join(','))
    .join('\r\n')
    .concat('\r\n');
}

/** The same in words, for a report. */
export function resultsText(results: readonly SegmentResults[]): string {
  return results.map(segmentText).join('\n\n');
}

function segmentText({ segment, shape, intensity, units }: SegmentResults): string {
  const words = text.measure;
  const { label, type, laterality } = segment;
  const what = laterality === undefined ? type.meaning : `${type.meaning}, ${laterality.meaning.toLowerCase()}`;
  if (shape === undefined) return `${label} (${what}): ${text.segments.empty}`;
  const { volume, diameter, extent } = shape;
  return [
    `${label} (${what})`,
    `${words.volume}: ${volume === undefined ? words.noVolume : words.ml(volume)}`,
    ...(diameter === undefined
      ? []
      : [`${words.diameter}: ${words.caliper(diameter.longMm, diameter.shortMm)} (${words.onSlice(diameter.k)})`]),
    `${words.slices}: ${words.sliceRange(extent.slices, extent.first, extent.last)}`,
    ...(intensity === undefined
      ? []
      : [
          `${words.mean(units)}: ${words.meanSd(intensity.mean, intensity.standardDeviation)}`,
          `${words.range}: ${words.minMax(intensity.minimum, intensity.maximum)}`,
        ]),
  ].join('\n');
}

const figure = (value: number | undefined): string => (value === undefined ? '' : String(Number(value.toPrecision(6))));
const whole = (value: number | undefined): string => (value === undefined ? '' : String(value));
const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Spreadsheets take text that begins like this for a formula. */
const typed = (value: string): string => (/^[=+\-@\t]/.test(value) ? `'${value}` : value);
