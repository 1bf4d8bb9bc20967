import { describe, expect, it } from 'vitest';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { paintedSegment } from '#core/labelmap/testing/paintedSegment.ts';
import { Laterality } from '#core/terminology/segmentMeaning.ts';
import { resultsCsv, resultsText, type SegmentResults } from './resultsTable.ts';

const segment = (label: string) => paintedSegment(1, { label, laterality: Laterality.left });
const at = slicePoint(0, 0);
const full = (label: string): SegmentResults => ({
  segment: segment(label),
  shape: {
    extent: { slices: 7, first: 3, last: 9, largest: 6 },
    volume: 12_345.6789,
    diameter: { k: 6, longMm: 41.234, shortMm: 28.3, ends: [at, at], shortEnds: [at, at] },
  },
  intensity: { voxels: 10, mean: -12.5, standardDeviation: 3.25, minimum: -40, maximum: 1_234.5 },
  units: 'HU',
});

describe('measurements as CSV', () => {
  it('have one row for each segment, with as many fields as there are headings and units in those', () => {
    const rows = resultsCsv([full('Lesion 1'), full('Lesion 2')])
      .trimEnd()
      .split('\r\n');
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((row) => row.split(',').length)).size).toBe(1);
    expect(rows[0]).toMatch(/Volume \(ml\).*Mean \(HU\),SD \(HU\)/);
    expect(rows[1]).toBe('Lesion 1,Lesion,Left,12.3457,41.234,28.3,7,7,4,10,-12.5,3.25,-40,1234.5');
  });

  it('quote what a comma or a quotation mark would break', () => {
    expect(resultsCsv([full('Left, "deep"')])).toContain('"Left, ""deep""",Lesion');
  });

  it('give no formula to a spreadsheet, and leave negative numbers alone', () => {
    const csv = resultsCsv([full('=HYPERLINK("x")')]);
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
    expect(csv).toContain(',-12.5,');
  });

  it('leave empty what is not known', () => {
    const csv = resultsCsv([{ segment: segment('Empty'), shape: undefined, intensity: undefined, units: '' }]);
    expect(csv.split('\r\n')[1]).toBe('Empty,Lesion,Left,,,,,,,,,,,');
  });
});

describe('measurements as text', () => {
  it('read as a report would say them, slices counted from 1', () => {
    expect(resultsText([full('Lesion 1')]).split('\n')).toEqual([
      'Lesion 1 (Lesion, left)',
      'Volume: 12.3 ml',
      'Longest diameter: 41.2 × 28.3 mm (slice 7)',
      'Slices: 7 (4–10)',
      'Mean HU: -12.5 ± 3.25',
      'Min … max: -40.0 … 1235',
    ]);
  });
});
