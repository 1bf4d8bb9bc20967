import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { longestDiameter } from '#core/labelmap/measureDiameter.ts';
import { segmentVolume } from '#core/labelmap/measureVolume.ts';
import { ok } from '#core/result.ts';
import { Category, Laterality } from '#core/terminology/segmentMeaning.ts';
import { encodeSegmentation } from '../../extensions/dicom-seg/encode.ts';
import { encodeMeasurementReport } from '../../extensions/dicom-seg/exports.ts';
import { intensityConcept } from '../../extensions/dicom-seg/report/segmentMeasures.ts';
import { matrix } from './support/matrix.ts';
import { dcentvfyLines, dciodvfyErrors, has, python } from './support/programs.ts';
import { pixelsOf, type SlicePixels } from './support/readPixels.ts';
import { hasRealCases, realCase } from './support/realCases.ts';
import { countedUids, requestOf } from './support/segments.ts';

const full = process.env.VOXPROMPT_FULL === '1';
const seed = Number(process.env.VOXPROMPT_SEED ?? 20261122) + 5;
const folder = mkdtempSync(join(tmpdir(), 'voxprompt-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Values that differ in every voxel. */
const made =
  ({ stack }: ImageSeries): SlicePixels =>
  async (k) => {
    const { rows, columns } = stack.planes[k]!;
    return ok({ rows, columns, values: Float32Array.from({ length: rows * columns }, (_, p) => p / 4 - 40 * k) });
  };

async function written(name: string, series: ImageSeries, labelmap: Labelmap, pixels: SlicePixels, serial: number) {
  const request = requestOf(series, labelmap, { uids: countedUids(serial) });
  const encoded = encodeSegmentation(request);
  if (!encoded.ok) throw new Error(`${name}: ${encoded.error.code}`);
  const { content, uids } = request;
  const source = { segmentation: encoded.value.bytes, series, content, uids, slicePixels: pixels };
  const report = await encodeMeasurementReport(source);
  if (!report.ok) throw new Error(`${name}: ${report.error.code} ${report.error.message}`);
  const segmentation = join(folder, `${name}-seg.dcm`);
  const file = join(folder, `${name}.dcm`);
  writeFileSync(segmentation, encoded.value.bytes);
  writeFileSync(file, report.value);
  return { file, segmentation };
}

const PROCEDURE: Readonly<Record<string, string>> = { CT: '25045-6', MR: '25056-3', PT: '44136-0' };

/** What the judge should find; statistics by the textbook, in two passes. */
async function described(
  files: { file: string; segmentation: string },
  series: ImageSeries,
  labelmap: Labelmap,
  pixels: SlicePixels,
  sources: readonly string[] = [],
) {
  const unit = intensityConcept(series)?.unit.value ?? null;
  const groups = [];
  for (const { number, trackingUid, trackingId, type, category, laterality } of labelmap.segments) {
    const voxels = labelmap.voxels.get(number);
    if (voxels === undefined || voxels.size === 0) continue;
    const values: number[] = [];
    for (const [k, mask] of unit === null ? [] : voxels) {
      const image = await pixels(k);
      if (image.ok) values.push(...image.value.values.filter((_, p) => mask[p] === 1));
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    const organ = category.value === Category.anatomical.value;
    const volume = segmentVolume(voxels, series.stack);
    const diameter = longestDiameter(voxels, series.stack.planes);
    groups.push({
      tracking: trackingUid,
      label: trackingId,
      type: type.value,
      category: category.value,
      site: organ ? type.value : null,
      laterality: organ ? (laterality?.value ?? null) : null,
      volume: volume === undefined ? null : volume / 1000,
      long: diameter?.longMm ?? null,
      short: diameter?.shortMm ?? null,
      mean: unit === null ? null : mean,
      sd: unit === null ? null : sd,
      min: unit === null ? null : values.reduce((a, b) => Math.min(a, b)),
      max: unit === null ? null : values.reduce((a, b) => Math.max(a, b)),
    });
  }
  const { seriesInstanceUID, modality } = series;
  return {
    ...files,
    sources,
    series: seriesInstanceUID,
    modality,
    intensityUnit: unit,
    procedure: PROCEDURE[modality],
    groups,
  };
}

interface Verdict {
  readonly groups: number;
  readonly compared: number;
  readonly problems: readonly string[];
}

function verdictsOf(cases: readonly object[]): { readonly groups: number; readonly compared: number } {
  const manifest = join(folder, 'manifest.jsonl');
  writeFileSync(manifest, cases.map((one) => JSON.stringify(one)).join('\n'));
  const verdicts = python(fileURLToPath(new URL('support/judgeReport.py', import.meta.url)), [manifest])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
  expect(verdicts).toHaveLength(cases.length);
  expect(verdicts.filter(({ problems }) => problems.length > 0)).toEqual([]);
  const sum = (key: 'groups' | 'compared'): number => verdicts.reduce((total, one) => total + one[key], 0);
  return { groups: sum('groups'), compared: sum('compared') };
}

const withSides = (labelmap: Labelmap): Labelmap => ({
  ...labelmap,
  segments: labelmap.segments.map((segment, index) => {
    const kidney = { category: Category.anatomical, type: { value: '64033007', scheme: 'SCT', meaning: 'Kidney' } };
    return index === 1 ? { ...segment, ...kidney, laterality: Laterality.left } : segment;
  }),
});
const cases = [...matrix(full ? 300 : 56, seed)].map((one) => ({ ...one, labelmap: withSides(one.labelmap) }));

describe('measurement reports', () => {
  let files: readonly { readonly file: string; readonly segmentation: string }[] = [];
  beforeAll(async () => {
    files = await Promise.all(
      cases.map(({ name, series, labelmap }, index) =>
        written(name.replace(/\W+/g, '-'), series, labelmap, made(series), index + 20_000),
      ),
    );
  });

  it.skipIf(!has.pydicom)('say in pydicom what was measured of which segment', async () => {
    const judged = cases.map(({ series, labelmap }, index) => described(files[index]!, series, labelmap, made(series)));
    const { groups, compared } = verdictsOf(await Promise.all(judged));
    console.log(`pydicom judged ${cases.length} reports, ${groups} segments: ${compared} numbers agree`);
  });

  it.skipIf(!has.dciodvfy)('have no error in dciodvfy', () => {
    const judged = files.filter((_, index) => index % 3 === 0);
    const failures = judged.flatMap(({ file }) => {
      const errors = dciodvfyErrors(file, 'Comprehensive3DSR');
      return errors.length === 0 ? [] : [{ file, errors }];
    });
    expect(failures).toEqual([]);
    console.log(`dciodvfy judged ${judged.length} reports: 0 errors`);
  });

  it.skipIf(!has.dcentvfy)('agree with their segmentation on patient and study', () => {
    // It files the Accession Number of an SR under the series and that of a SEG under the study, whatever they are.
    const own = /^Warning - Different information entities for attribute - Element=<AccessionNumber>/;
    const lines = dcentvfyLines([files[0]!.segmentation, files[0]!.file]);
    expect(lines.filter((line) => !own.test(line))).toEqual([]);
  });

  it.skipIf(!has.pydicom || !hasRealCases)(
    'say of expert masks what pydicom and numpy measure on the files',
    async () => {
      const judged = ['STS_001/CT', 'STS_019/MR_T1', 'STS_019/PET'].map(async (name, index) => {
        const { series, labelmap, sources } = realCase(name);
        const pixels = pixelsOf(series, sources);
        const made = await written(`real-${index}`, series, labelmap, pixels, 30_000 + index);
        if (has.dciodvfy) expect(dciodvfyErrors(made.file, 'Comprehensive3DSR')).toEqual([]);
        return described(made, series, labelmap, pixels, sources);
      });
      const { compared } = verdictsOf(await Promise.all(judged));
      console.log(`pydicom and numpy judged ${judged.length} reports on expert masks: ${compared} numbers agree`);
    },
  );

  it('name a unit only where the images have one', () => {
    const { series } = cases.find(({ shape }) => shape.source === 'CT')!;
    const change = (modality: string, units: string | undefined, header: object = {}): ImageSeries => ({
      ...series,
      modality,
      frames: series.frames.map((frame) => ({
        ...frame,
        dataset: { ...frame.dataset, ...header },
        lut: { slope: 1, intercept: 0, ...(units === undefined ? {} : { units }) },
      })),
    });
    const unit = (of: ImageSeries): string | undefined => intensityConcept(of)?.unit.value;
    expect(unit(change('CT', undefined))).toBe("[hnsf'U]");
    expect(unit(change('CT', 'US'))).toBeUndefined();
    expect(unit(change('PT', 'GML'))).toBe('g/ml{SUVbw}');
    expect(unit(change('PT', 'GML', { '00541006': { vr: 'CS', Value: ['LBM'] } }))).toBeUndefined();
    expect(unit(change('PT', 'BQML'))).toBeUndefined();
    expect(unit(change('MR', undefined))).toBeUndefined();
  });
});
