import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { encodeRuns } from '#core/labelmap/runLengths.ts';
import { writePart10 } from '../../extensions/dicom-seg/encode.ts';
import { exportNifti } from '../../extensions/dicom-seg/exports.ts';
import { type NiftiFile, niftiVolumes } from '../../extensions/dicom-seg/nifti/niftiVolume.ts';
import { type MatrixCase, matrix } from './support/matrix.ts';
import { has, python } from './support/programs.ts';
import { hasRealCases, realCase } from './support/realCases.ts';
import { labelmapOf, testSegment } from './support/segments.ts';

const full = process.env.VOXPROMPT_FULL === '1';
const seed = Number(process.env.VOXPROMPT_SEED ?? 20261122) + 3;
const folder = mkdtempSync(join(tmpdir(), 'voxprompt-nifti-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Verdict {
  readonly differing: number;
  readonly sform: number;
  readonly qform: number;
  readonly problems: readonly string[];
}

function volumesOf(series: ImageSeries, labelmap: Labelmap): readonly NiftiFile[] {
  const volumes = niftiVolumes(series, labelmap);
  if (!volumes.ok) throw new Error(`${volumes.error.code}: ${volumes.error.cause}`);
  return volumes.value;
}

/** A file for the judge, with what each of its values should cover. */
function judged(name: string, labelmap: Labelmap, sources: readonly string[], { values, bytes }: NiftiFile) {
  const file = join(folder, `${name}.nii`);
  writeFileSync(file, bytes);
  const expected = [...values].map(([value, number]) => [
    value,
    Object.fromEntries([...labelmap.voxels.get(number)!].map(([k, mask]) => [k, [...encodeRuns(mask)]])),
  ]);
  return { file, sources, values: Object.fromEntries(expected) };
}

function verdictsOf(cases: readonly ReturnType<typeof judged>[]): readonly Verdict[] {
  const manifest = join(folder, 'manifest.jsonl');
  writeFileSync(manifest, cases.map((one) => JSON.stringify(one)).join('\n'));
  const script = fileURLToPath(new URL('support/judgeNifti.py', import.meta.url));
  return python(script, [manifest])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
}

function sourcesOf({ headers }: MatrixCase, name: string): readonly string[] {
  mkdirSync(join(folder, name));
  return headers.map((header, index) => {
    const file = join(folder, name, `${index}.dcm`);
    writeFileSync(file, writePart10(header));
    return file;
  });
}

const cases = [...matrix(full ? 400 : 120, seed)];
const regular = cases.filter(({ series }) => series.stack.grid !== undefined);

describe('NIfTI', () => {
  it.skipIf(!has.nibabel)('has the voxels and the place of the DICOM images in nibabel, however they lie', () => {
    const files = regular.flatMap((one, index) => {
      const sources = sourcesOf(one, `case-${index}`);
      return volumesOf(one.series, one.labelmap).map((volume, part) =>
        judged(`${index}-${part}`, one.labelmap, sources, volume),
      );
    });
    const verdicts = verdictsOf(files);
    expect(verdicts).toHaveLength(files.length);
    expect(verdicts.filter(({ differing, problems }) => differing !== 0 || problems.length > 0)).toEqual([]);
    const [sform, qform] = [Math.max(...verdicts.map((v) => v.sform)), Math.max(...verdicts.map((v) => v.qform))];
    expect(sform).toBeLessThan(1e-3);
    expect(qform).toBeLessThan(1e-3);
    const lies = new Set<string>(regular.map(({ shape }) => shape.geometry));
    expect(['axial', 'coronal', 'sagittal', 'oblique', 'flipped'].filter((one) => !lies.has(one))).toEqual([]);
    console.log(
      `nibabel judged ${files.length} files of ${regular.length} series: 0 differing voxels; ` +
        `sform within ${sform.toExponential(1)} mm of DICOM, qform ${qform.toExponential(1)} mm`,
    );
  });

  it.skipIf(!has.nibabel || !hasRealCases)('has the expert masks on real series in nibabel', () => {
    const files = ['STS_001/CT', 'STS_001/MR_T1', 'STS_019/PET'].map((name, index) => {
      const { labelmap, series, sources } = realCase(name);
      return judged(`real-${index}`, labelmap, sources, volumesOf(series, labelmap)[0]!);
    });
    const verdicts = verdictsOf(files);
    for (const { differing, sform, qform, problems } of verdicts) {
      expect({ differing, problems }).toEqual({ differing: 0, problems: [] });
      expect(sform).toBeLessThan(1e-3);
      expect(qform).toBeLessThan(1e-3);
    }
    console.log(`nibabel judged ${verdicts.length} expert masks: 0 differing voxels`);
  });

  it('gives one file per segment where segments overlap, and else one for all', () => {
    for (const { series, labelmap } of regular) {
      const volumes = volumesOf(series, labelmap);
      const numbers = volumes.flatMap(({ values }) => [...values.values()]);
      expect(numbers).toEqual(
        labelmap.segments.map(({ number }) => number).filter((n) => labelmap.voxels.get(n)?.size),
      );
      if (volumes.length > 1) expect(volumes.every(({ values }) => values.size === 1 && values.has(1))).toBe(true);
    }
    expect(regular.some(({ series, labelmap }) => volumesOf(series, labelmap).length > 1)).toBe(true);
    expect(regular.some(({ series, labelmap }) => volumesOf(series, labelmap)[0]!.values.size > 1)).toBe(true);
  });

  it('refuses uneven, incomplete, tilted and single slices, and says which they are', () => {
    for (const { series, labelmap } of cases.filter((one) => one.series.stack.grid === undefined)) {
      const refused = niftiVolumes(series, labelmap);
      expect(refused).toMatchObject({ ok: false, error: { code: 'not-a-volume', cause: expect.stringMatching(/./) } });
    }
  });

  it('writes 16 bits where there are more than 255 segments', () => {
    const { series } = regular.find(
      (one) => one.series.stack.planes[0]!.rows * one.series.stack.planes[0]!.columns > 300,
    )!;
    const { rows, columns } = series.stack.planes[0]!;
    const one = (at: number) => Uint8Array.from({ length: rows * columns }, (_, index) => (index === at ? 1 : 0));
    const labelmap = labelmapOf(
      series,
      Array.from({ length: 300 }, (_, n) => [testSegment(n + 1), new Map([[0, one(n)]])] as const),
    );
    const view = new DataView(volumesOf(series, labelmap)[0]!.bytes.buffer);
    expect([view.getInt16(70, true), view.getInt16(72, true)]).toEqual([512, 16]);
    expect(view.getUint16(352 + 2 * 299, true)).toBe(300);
  });

  it('is the same volume after compression', () => {
    const { series, labelmap } = regular.find((one) => volumesOf(one.series, one.labelmap).length === 1)!;
    const exported = exportNifti(series, labelmap);
    if (!exported.ok) throw new Error(exported.error.code);
    const [file] = exported.value;
    expect(file!.name).toBe('segmentation.nii.gz');
    expect(Buffer.compare(gunzipSync(file!.bytes), volumesOf(series, labelmap)[0]!.bytes)).toBe(0);
  });
});
