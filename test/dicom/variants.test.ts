import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeSegmentation } from '../../extensions/dicom-seg/encode.ts';
import type { BuildRequest } from '../../extensions/dicom-seg/model/build.ts';
import { matrix } from './support/matrix.ts';
import { dcentvfyLines, dciodvfyErrors, has, python } from './support/programs.ts';
import { countedUids, requestOf } from './support/segments.ts';

const folder = mkdtempSync(join(tmpdir(), 'voxprompt-variants-'));
afterAll(() => rmSync(folder, { recursive: true }));

const cases = [...matrix(40, 20261122)];

function written(name: string, request: BuildRequest) {
  const encoded = encodeSegmentation(request);
  if (!encoded.ok) throw new Error(encoded.error.code);
  const file = join(folder, `${name}.dcm`);
  writeFileSync(file, encoded.value.bytes);
  return { file, ...encoded.value };
}

describe('a revision', () => {
  const { series, labelmap } = cases[3]!;
  const first = written('first', requestOf(series, labelmap));
  const second = written('second', requestOf(series, labelmap, { predecessor: first.dataset, uids: countedUids(77) }));

  it.skipIf(!has.dciodvfy)('has no error in dciodvfy', () => {
    expect(dciodvfyErrors(second.file)).toEqual([]);
  });

  it.skipIf(!has.dcentvfy)('agrees with its predecessor on series and equipment', () => {
    expect(dcentvfyLines([first.file, second.file])).toEqual([]);
  });
});

describe.skipIf(!has.pydicom)('label maps', () => {
  it('hold the segment numbers in pydicom', () => {
    const maps = cases
      .filter(({ overlap }) => !overlap)
      .map(({ series, labelmap }, index) => ({
        labelmap,
        ...written(`map-${index}`, requestOf(series, labelmap, { kind: 'LABELMAP' })),
      }));
    const counts = python(
      fileURLToPath(new URL('support/labelCounts.py', import.meta.url)),
      maps.map(({ file }) => file),
    );
    const expected = maps.map(({ labelmap, segmentNumbers }) =>
      Object.fromEntries(
        [...segmentNumbers].map(([own, number]) => [
          number,
          [...labelmap.voxels.get(own)!.values()].reduce((sum, mask) => sum + mask.reduce((a, b) => a + b, 0), 0),
        ]),
      ),
    );
    expect(
      counts
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(expected);
    console.log(`pydicom judged ${maps.length} label maps`);
  });
});
