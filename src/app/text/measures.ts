import { plural } from './plural.ts';

/** Words of the measurements of a segment. */
export const measure = {
  caliper: (long: number, short: number) => `${long.toFixed(1)} × ${short.toFixed(1)} mm`,
  showCaliper: 'Draw the diameters on the slice',
  hideCaliper: 'Do not draw the diameters',
  volume: 'Volume',
  diameter: 'Longest diameter',
  across: 'At right angles',
  slices: 'Slices',
  mean: (units: string) => (units === '' ? 'Mean' : `Mean ${units}`),
  range: 'Min … max',
  noSuv: 'No SUV',
  computing: '…',
  none: '–',
  ml: (mm3: number) => `${significant(mm3 / 1000)} ml`,
  mm: (value: number) => `${value.toFixed(1)} mm`,
  onSlice: (k: number) => `slice ${k + 1}`,
  sliceRange: (count: number, first: number, last: number) =>
    first === last ? `${count} (${first + 1})` : `${count} (${first + 1}–${last + 1})`,
  noVolume: 'no slice distance',
  meanSd: (mean: number, sd: number) => `${significant(mean)} ± ${significant(sd)}`,
  minMax: (low: number, high: number) => `${significant(low)} … ${significant(high)}`,
} as const;

/** Words of the measurements as they leave the program. */
export const results = {
  text: 'Copy as text',
  csv: 'Copy as CSV',
  copyText: 'Copy the measurements as text',
  copyCsv: 'Copy the measurements as CSV',
  copied: (count: number) => `Measurements of ${plural(count, 'segment', 'segments')} are on the clipboard`,
  failed: 'The measurements could not be put on the clipboard.',
  failedRemedy: 'Allow this page to use the clipboard, then copy again.',
  headings: (units: string): readonly string[] => {
    const unit = units === '' ? '' : ` (${units})`;
    return [
      'Segment',
      'Type',
      'Side',
      'Volume (ml)',
      'Longest diameter (mm)',
      'Perpendicular (mm)',
      'Diameter on slice',
      'Slices',
      'First slice',
      'Last slice',
      `Mean${unit}`,
      `SD${unit}`,
      `Minimum${unit}`,
      `Maximum${unit}`,
    ];
  },
} as const;

/** Three significant digits, never in exponential form. */
function significant(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
