import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PatientPoint } from '#core/geometry/coordinates.ts';
import { encodeSegmentation } from '../../extensions/dicom-seg/encode.ts';
import { differingVoxels, type ForeignGrid } from './support/foreignGrid.ts';
import { type MatrixCase, matrix } from './support/matrix.ts';
import { has } from './support/programs.ts';
import { countedUids, labelmapOf, requestOf, testSegment } from './support/segments.ts';

const full = process.env.VOXPROMPT_FULL === '1';
const seed = Number(process.env.VOXPROMPT_SEED ?? 20261122);
const folder = mkdtempSync(join(tmpdir(), 'voxprompt-nii-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** It makes one volume of one segment on even, untilted slices without gaps. */
const REGULAR = new Set(['axial', 'coronal', 'sagittal', 'oblique', 'flipped']);

describe.skipIf(!has.dcm2niix)('dcm2niix', () => {
  it('makes the same volume of our objects', { timeout: 600_000 }, () => {
    const wanted = full ? 110 : 20;
    const cases = [...matrix(wanted * 3, seed + 2)]
      .filter(({ shape }) => REGULAR.has(shape.geometry) && shape.slices > 1)
      .slice(0, wanted)
      .map(oneSegment);
    mkdirSync(join(folder, 'in'));
    mkdirSync(join(folder, 'out'));
    cases.forEach(({ bytes }, index) => {
      writeFileSync(join(folder, 'in', `${index}.dcm`), bytes);
    });
    spawnSync('dcm2niix', ['-z', 'n', '-b', 'n', '-f', '%o', '-o', join(folder, 'out'), join(folder, 'in')]);
    const verdicts = cases.flatMap(({ name, series, slices, uid }) => {
      const file = join(folder, 'out', `${uid}.nii`);
      if (!existsSync(file)) return [{ name, problem: 'no volume' }];
      const differing = differingVoxels(series, slices, niftiGrid(readFileSync(file)));
      return differing === 0 ? [] : [{ name, problem: `${differing} voxels differ` }];
    });
    expect(verdicts).toEqual([]);
    console.log(`dcm2niix judged ${cases.length} objects: 0 differing voxels`);
  });
});

/** The first mask of a matrix case on every slice, moved by one pixel from slice to slice. */
function oneSegment({ name, series, labelmap, shape }: MatrixCase) {
  const mask = [...[...labelmap.voxels.values()].find((voxels) => voxels.size > 0)!.values()][0]!;
  const slices = new Map(
    series.frames.map((_, k) => [k, Uint8Array.from(mask, (_value, index) => mask.at(index - k)!)] as const),
  );
  const encoded = encodeSegmentation(
    requestOf(series, labelmapOf(series, [[testSegment(1), slices]]), { uids: countedUids(shape.serial + 5000) }),
  );
  if (!encoded.ok) throw new Error(encoded.error.code);
  return { name, series, slices, bytes: encoded.value.bytes, uid: encoded.value.sopInstanceUID };
}

/** Voxels and affine (sform, RAS) of an uncompressed NIfTI-1 file. */
function niftiGrid(file: Buffer): ForeignGrid {
  const size = [file.readInt16LE(42), file.readInt16LE(44), file.readInt16LE(46)] as const;
  const start = file.readFloatLE(108);
  const row = (r: number): readonly number[] => [0, 1, 2, 3].map((c) => file.readFloatLE(280 + 16 * r + 4 * c));
  const affine = [row(0), row(1), row(2)];
  const spacing = [0, 1, 2].map((c) => Math.hypot(...affine.map((values) => values[c]!)));
  return {
    size,
    isSet: (voxel) => file[start + voxel] === 1,
    indexOf: ([x, y, z]: PatientPoint) => {
      const offset = [-x, -y, z].map((value, r) => value - affine[r]![3]!);
      return [0, 1, 2].map(
        (c) => offset.reduce((sum, value, r) => sum + value * affine[r]![c]!, 0) / spacing[c]! ** 2,
      ) as [number, number, number];
    },
  };
}
