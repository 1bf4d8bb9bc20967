import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import { encodeRuns } from '#core/labelmap/runLengths.ts';
import { encodeStructureSet } from '../../extensions/dicom-seg/encode.ts';
import { maskContours } from '../../extensions/dicom-seg/rtstruct/contours.ts';
import { matrix } from './support/matrix.ts';
import { dcentvfyLines, dciodvfyErrors, has, python } from './support/programs.ts';
import { seriesOf } from './support/readSeries.ts';
import { hasRealCases, realCase } from './support/realCases.ts';
import { countedUids, labelmapOf, requestOf, testSegment } from './support/segments.ts';
import { syntheticSeries } from './support/syntheticSeries.ts';

const full = process.env.VOXPROMPT_FULL === '1';
const seed = Number(process.env.VOXPROMPT_SEED ?? 20261122) + 4;
const folder = mkdtempSync(join(tmpdir(), 'voxprompt-rtstruct-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, series: ImageSeries, labelmap: Labelmap, serial: number): string {
  const encoded = encodeStructureSet(requestOf(series, labelmap, { uids: countedUids(serial) }));
  if (!encoded.ok) throw new Error(`${name}: ${encoded.error.code}`);
  const file = join(folder, `${name}.dcm`);
  writeFileSync(file, encoded.value);
  return file;
}

const described = (file: string, series: ImageSeries, labelmap: Labelmap) => ({
  file,
  columns: labelmap.size.columns,
  rows: labelmap.size.rows,
  frame: series.frameOfReferenceUID,
  series: series.seriesInstanceUID,
  slices: series.stack.planes.map((plane, k) => ({
    position: plane.position,
    row: plane.rowDirection,
    column: plane.columnDirection,
    spacing: [plane.rowSpacing, plane.columnSpacing],
    sop: series.frames[k]!.sopInstanceUID,
    frame: series.frames[k]!.frameNumber ?? null,
  })),
  rois: labelmap.segments
    .filter(({ number }) => (labelmap.voxels.get(number)?.size ?? 0) > 0)
    .map(({ number, label, type }) => ({
      name: label,
      type: [type.value, type.scheme, type.meaning],
      runs: Object.fromEntries([...labelmap.voxels.get(number)!].map(([k, mask]) => [k, [...encodeRuns(mask)]])),
    })),
});

interface Verdict {
  readonly rois: number;
  readonly contours: number;
  readonly differing: number;
  readonly union: number;
  readonly problems: readonly string[];
}

function verdictsOf(cases: readonly ReturnType<typeof described>[]): readonly Verdict[] {
  const manifest = join(folder, 'manifest.jsonl');
  writeFileSync(manifest, cases.map((one) => JSON.stringify(one)).join('\n'));
  const verdicts = python(fileURLToPath(new URL('support/judgeStructureSet.py', import.meta.url)), [manifest])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
  expect(verdicts).toHaveLength(cases.length);
  expect(verdicts.filter((one) => one.differing !== 0 || one.union !== 0 || one.problems.length > 0)).toEqual([]);
  return verdicts;
}

const cases = [...matrix(full ? 400 : 72, seed)].map((one, index) => {
  // Noise has every way in which pixels can touch: holes in holes, parts and holes that meet at a corner.
  const { series } = one;
  const labelmap = index % 3 === 0 ? noise(series, index) : one.labelmap;
  return { ...one, labelmap, file: written(`case-${index}`, series, labelmap, index + 10_000) };
});

function noise(series: ImageSeries, index: number): Labelmap {
  const { rows, columns } = series.stack.planes[0]!;
  const pixel = fc.infiniteStream(fc.nat({ max: 9 }));
  const [stream] = fc.sample(pixel, { numRuns: 1, seed: seed + index });
  const mask = (): SliceMask =>
    Uint8Array.from({ length: rows * columns }, (_, p) => (p === 0 || stream!.next().value! < 3 + (index % 5) ? 1 : 0));
  return labelmapOf(series, [[testSegment(1), new Map(series.frames.slice(0, 5).map((_, k) => [k, mask()]))]]);
}

describe('structure sets', () => {
  it.skipIf(!has.pydicom)(
    'give every mask back when filled at pixel centres, whether parts are added or exclusive-or-ed',
    () => {
      const verdicts = verdictsOf(cases.map(({ file, series, labelmap }) => described(file, series, labelmap)));
      const total = (key: 'rois' | 'contours'): number => verdicts.reduce((sum, one) => sum + one[key], 0);
      console.log(
        `pydicom and an even-odd fill judged ${cases.length} structure sets, ${total('rois')} ROIs, ${total('contours')} contours: 0 differing voxels`,
      );
    },
  );

  it.skipIf(!has.pydicom || !hasRealCases)('give the expert masks back on real series', () => {
    const real = ['STS_001/CT', 'STS_001/MR_T1', 'STS_019/PET'].map(realCase);
    const files = real.map(({ series, labelmap }, index) => written(`real-${index}`, series, labelmap, 900 + index));
    verdictsOf(real.map(({ series, labelmap }, index) => described(files[index]!, series, labelmap)));
    for (const file of has.dciodvfy ? files : []) expect(dciodvfyErrors(file, 'RTStructureSet')).toEqual([]);
    console.log(`pydicom and an even-odd fill judged ${real.length} expert masks: 0 differing voxels`);
  });

  it.skipIf(!has.dciodvfy)('have no error in dciodvfy', () => {
    const judged = cases.filter((_, index) => index % 5 === 0);
    const failures = judged.flatMap(({ name, file }) => {
      const errors = dciodvfyErrors(file, 'RTStructureSet');
      return errors.length === 0 ? [] : [{ name, errors }];
    });
    expect(failures).toEqual([]);
    console.log(`dciodvfy judged ${judged.length} structure sets: 0 errors`);
  });

  it.skipIf(!has.dcentvfy)('agree with a segmentation of the same series on patient and study', () => {
    const [one] = cases;
    const other = join(folder, 'segmentation.dcm');
    writeFileSync(other, one!.bytes);
    expect(dcentvfyLines([other, one!.file])).toEqual([]);
  });

  it('have one contour for a part with holes, and one for each part', () => {
    const mask = (rows: readonly string[]): SliceMask => Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));
    const square = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    const found = maskContours(mask(['#..', '.##', '..#']), 3);
    expect(found).toHaveLength(2);
    expect(new Set(found[0]!.map(String))).toEqual(new Set(square.map(String)));
    expect(maskContours(mask(['#####', '#.#.#', '#####', '#.#.#', '#####']), 5)).toHaveLength(1);
    expect(maskContours(mask(['#####', '#...#', '#.#.#', '#...#', '#####']), 5)).toHaveLength(2);
    expect(maskContours(mask(['...', '...']), 3)).toEqual([]);
  });

  it.skipIf(!has.pydicom)('hold a contour of more than 65534 bytes, which explicit Decimal Strings cannot', () => {
    const shape = { ...cases[0]!.shape, rows: 90, columns: 90, geometry: 'oblique' as const, slices: 2 };
    const series = seriesOf(syntheticSeries(shape));
    const labelmap = noise(series, 9);
    const contours = [...labelmap.voxels.get(1)!.values()].flatMap((mask) => maskContours(mask, shape.columns));
    expect(Math.max(...contours.map(({ length }) => length))).toBeGreaterThan(2500);
    verdictsOf([described(written('long', series, labelmap, 800), series, labelmap)]);
  });

  it('refuse a series without a frame of reference', () => {
    const { series, labelmap } = cases[0]!;
    const refused = encodeStructureSet(requestOf({ ...series, frameOfReferenceUID: undefined }, labelmap));
    expect(refused).toMatchObject({ ok: false, error: { code: 'no-frame-of-reference' } });
  });
});
