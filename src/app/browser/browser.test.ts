import { describe, expect, it } from 'vitest';
import { seriesTree } from './seriesTree.ts';
import { NO_FILTER, studyQuery } from './studyFilter.ts';
import {
  isSynthetic,
  personName,
  type SegmentationSummary,
  type SeriesSummary,
  seriesSummary,
  shownDate,
  studySummary,
} from './summaries.ts';

const series = (uid: string, modality: string, number: number, images: number): SeriesSummary => ({
  seriesInstanceUID: uid,
  modality,
  number,
  description: undefined,
  date: undefined,
  images,
});

const seg = (uid: string, referenced: string | undefined): SegmentationSummary => ({
  sopInstanceUID: `${uid}.1`,
  seriesInstanceUID: uid,
  instanceNumber: 1,
  label: 'Lesion',
  date: undefined,
  segments: ['Lesion 1'],
  referencedSeriesUID: referenced,
});

describe('study summaries', () => {
  it('read a QIDO answer, and drop one that names no study', () => {
    expect(
      studySummary({
        '0020000D': { vr: 'UI', Value: ['1.2.3'] },
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane^Maria^Dr' }] },
        '00080020': { vr: 'DA', Value: ['20261122'] },
        '00080061': { vr: 'CS', Value: ['CT', 'SEG'] },
      }),
    ).toEqual({
      studyInstanceUID: '1.2.3',
      patientName: 'Doe, Jane Maria',
      patientId: undefined,
      date: '2026-11-22',
      description: undefined,
      modalities: ['CT', 'SEG'],
    });
    expect(studySummary({})).toBeUndefined();
    expect(seriesSummary({})).toBeUndefined();
  });

  it('keep odd names and dates as they are rather than lose them', () => {
    expect(personName('Anonymous')).toBe('Anonymous');
    expect(personName('^Jane')).toBe('Jane');
    expect(personName('^^^^')).toBeUndefined();
    expect(shownDate('2026.11.22')).toBe('2026-11-22');
    expect(shownDate('unknown')).toBe('unknown');
  });

  it('know a synthetic phantom by its description', () => {
    expect(isSynthetic('VoxPrompt synthetic phantom, abdomen')).toBe(true);
    expect(isSynthetic('CT abdomen')).toBe(false);
    expect(isSynthetic(undefined)).toBe(false);
  });
});

describe('the series tree', () => {
  it('puts a segmentation under its images, and keeps one whose images are elsewhere in sight', () => {
    const tree = seriesTree(
      [
        series('9', 'SEG', 99, 1),
        series('2', 'CT', 2, 40),
        series('1', 'CT', 1, 3),
        series('8', 'SEG', 98, 1),
        series('7', 'SEG', 97, 1),
      ],
      [seg('9', '2'), seg('8', '404')],
    );
    expect(tree.branches.map((branch) => branch.series.seriesInstanceUID)).toEqual(['1', '2']);
    expect(tree.branches[1]?.segmentations.map((entry) => entry.seriesInstanceUID)).toEqual(['9']);
    expect(tree.loose.map((entry) => entry.seriesInstanceUID)).toEqual(['8', '7']);
  });
});

describe('the study query', () => {
  it('leaves out what is not asked for', () => {
    expect(studyQuery({ ...NO_FILTER, text: '  ' }, 0, 50, new Date())).toEqual({ offset: 0, limit: 50 });
  });

  it('counts days by the calendar, over a month and a clock change', () => {
    const query = studyQuery(
      { ...NO_FILTER, text: ' doe ', modality: 'CT', date: '7' },
      50,
      50,
      new Date(2026, 2, 2, 0, 30),
    );
    expect(query).toEqual({ text: 'doe', modality: 'CT', dateRange: '20260223-', offset: 50, limit: 50 });
  });

  it('asks for a range of days, open at either end, and puts the ends in order', () => {
    const asked = (from: string, to: string) =>
      studyQuery({ ...NO_FILTER, date: 'range', from, to, description: ' thigh ' }, 0, 50, new Date());
    expect(asked('2025-01-31', '2025-03-01')).toMatchObject({ dateRange: '20250131-20250301', description: 'thigh' });
    expect(asked('2025-03-01', '2025-01-31').dateRange).toBe('20250131-20250301');
    expect(asked('2025-01-31', '').dateRange).toBe('20250131-');
    expect(asked('', '2025-01-31').dateRange).toBe('-20250131');
    expect('dateRange' in asked('', '')).toBe(false);
  });
});
