import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writePart10 } from '../../extensions/dicom-seg/encode.ts';
import { verifyEncoded } from '../../extensions/dicom-seg/verify.ts';
import { judgeWithPydicom } from './support/judge.ts';
import { type MatrixCase, matrix } from './support/matrix.ts';
import { dcentvfyLines, dciodvfyErrors, has } from './support/programs.ts';

const full = process.env.VOXPROMPT_FULL === '1';
const seed = Number(process.env.VOXPROMPT_SEED ?? 20261122);
const objects = full ? 1200 : 120;
/** One process per object: fewer of them. */
const programRuns = full ? 160 : 24;

const folder = mkdtempSync(join(tmpdir(), 'voxprompt-matrix-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe(`matrix of ${objects} synthetic segmentations, seed ${seed}`, () => {
  const cases = [...matrix(objects, seed)];
  const files = cases.map(({ bytes }, index) => {
    const file = join(folder, `${index}.dcm`);
    writeFileSync(file, bytes);
    return file;
  });
  // Every n-th object, n odd: the axes of the matrix have even lengths and are all met.
  const stride = Math.max(1, Math.floor(objects / programRuns)) | 1;
  const judged = cases
    .map((one, index) => ({ ...one, file: files[index]! }))
    .filter((_, index) => index % stride === 0);
  const report = (judge: string, count: number, verdict: string): void =>
    console.log(`${judge} judged ${count} objects: ${verdict}`);

  it('reads back voxel for voxel', () => {
    const failures = cases.flatMap(({ name, bytes, series, labelmap }) => {
      const verdict = verifyEncoded(bytes, series, labelmap);
      return verdict.ok ? [] : [`${name}: ${verdict.error.code} ${JSON.stringify(verdict.error.context)}`];
    });
    expect(failures).toEqual([]);
    report('Our reader', cases.length, '0 differing voxels');
  });

  it.skipIf(!has.pydicom)('is the same in pydicom, with the right references and dimension indices', () => {
    const verdicts = judgeWithPydicom(
      cases.map((one, index) => ({ ...one, file: files[index]! })),
      folder,
    );
    expect(verdicts).toHaveLength(cases.length);
    const failures = verdicts
      .map((verdict, index) => ({ ...verdict, name: cases[index]!.name }))
      .filter(({ differing, problems }) => differing !== 0 || problems.length > 0);
    expect(failures).toEqual([]);
    report(
      'pydicom',
      verdicts.length,
      `${verdicts.reduce((sum, { differing }) => sum + differing, 0)} differing voxels`,
    );
  });

  it.skipIf(!has.dciodvfy)('has no error in dciodvfy', () => {
    const failures = judged.flatMap(({ name, file }) => {
      const errors = dciodvfyErrors(file);
      return errors.length === 0 ? [] : [{ name, errors }];
    });
    expect(failures).toEqual([]);
    report('dciodvfy', judged.length, '0 errors');
  });

  it.skipIf(!has.dcentvfy)('agrees with its sources in dcentvfy', () => {
    const failures = judged.flatMap((one) => {
      const lines = dcentvfyLines([...writeSources(one, `${one.file}-sources`), one.file]);
      return lines.length === 0 ? [] : [{ name: one.name, lines }];
    });
    expect(failures).toEqual([]);
    report('dcentvfy', judged.length, '0 inconsistencies');
  });

  it.skipIf(!has.dcentvfy)('notices in dcentvfy a study description that was changed', () => {
    const one = cases.find(({ shape }) => shape.patient === 'plain')!;
    const sources = writeSources(
      { ...one, headers: one.headers.map((header) => ({ ...header, '00081030': { vr: 'LO', Value: ['Other'] } })) },
      join(folder, 'changed'),
    );
    const file = files[cases.indexOf(one)]!;
    expect(dcentvfyLines([...sources, file]).join('\n')).toContain('StudyDescription');
  });
});

function writeSources({ headers }: Pick<MatrixCase, 'headers'>, target: string): readonly string[] {
  mkdirSync(target, { recursive: true });
  return headers.map((header, index) => {
    const file = join(target, `${index}.dcm`);
    writeFileSync(file, writePart10(header));
    return file;
  });
}
