import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { patientPoint } from '#core/geometry/coordinates.ts';
import { stackOf } from '#core/geometry/stack.ts';
import { readCases } from './cases.ts';
import { parseNifti } from './nifti.ts';
import { parseNrrd } from './nrrd.ts';
import { truthOn } from './truth.ts';
import { readVolume } from './volume.ts';

/** 3 x 2 x 2 voxels of uint8 counting up, spacing 0.5, 0.7, 4 mm; LPS origin (10, -20, 30), axes along L, P, S. */
function niftiBytes(little = true): Uint8Array {
  const bytes = new Uint8Array(352 + 12);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, little);
  for (const [n, size] of [3, 3, 2, 2, 1].entries()) view.setInt16(40 + 2 * n, size, little);
  view.setInt16(70, 2, little);
  view.setFloat32(108, 352, little);
  view.setInt16(254, 1, little);
  const rows = [
    [-0.5, 0, 0, -10],
    [0, -0.7, 0, 20],
    [0, 0, 4, 30],
  ];
  for (const [r, row] of rows.entries()) {
    for (const [c, value] of row.entries()) view.setFloat32(280 + 16 * r + 4 * c, value, little);
  }
  for (let index = 0; index < 12; index += 1) bytes[352 + index] = index;
  return bytes;
}

const stack = (origin: readonly [number, number, number] = [10, -20, 30]) =>
  stackOf(
    [1, 0].map((k) => ({
      rows: 2,
      columns: 3,
      rowSpacing: 0.7,
      columnSpacing: 0.5,
      position: patientPoint(origin[0], origin[1], origin[2] + 4 * k),
      rowDirection: [1, 0, 0] as const,
      columnDirection: [0, 1, 0] as const,
    })),
  );

describe('a NIfTI volume', () => {
  it.each([true, false])('is turned from RAS to LPS (little-endian: %s)', (little) => {
    const volume = parseNifti(niftiBytes(little), 'm.nii');
    if (!volume.ok) throw new Error(volume.error.message);
    const { grid, values } = volume.value;
    expect(grid).toMatchObject({ columns: 3, rows: 2, slices: 2 });
    expect([...grid.origin]).toEqual([10, -20, 30]);
    expect(grid.spacing[1]).toBeCloseTo(0.7, 6);
    expect(grid.directions.map((axis) => axis.map(Math.round))).toEqual(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ].map((a) => a.map((v) => expect.closeTo(v, 9))),
    );
    expect([...values]).toEqual(Array.from({ length: 12 }, (_, index) => index));
  });

  it('is read from a gzip file too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voxprompt-'));
    await writeFile(join(folder, 'm.nii.gz'), gzipSync(niftiBytes()));
    expect((await readVolume(join(folder, 'm.nii.gz'))).ok).toBe(true);
    await rm(folder, { recursive: true });
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut short', (bytes) => bytes.slice(0, 360)],
    ['without a place', (bytes) => bytes.fill(0, 254, 256)],
    ['of complex numbers', (bytes) => bytes.fill(32, 70, 71)],
    ['that is none', () => new Uint8Array(400)],
    // Found by fuzzing.
    ['with fewer than no columns', (bytes) => bytes.fill(0xff, 42, 44)],
    ['whose voxels begin before it', (bytes) => bytes.fill(0xcc, 108, 112)],
  ])('%s is refused', (_, spoil) => {
    const result = parseNifti(spoil(niftiBytes()), 'm.nii');
    expect(result.ok ? undefined : result.error.code).toBe('not-nifti');
  });
});

describe('an NRRD volume', () => {
  const header = (change: Readonly<Record<string, string>> = {}): string => {
    const fields = {
      type: 'short',
      dimension: '3',
      space: 'left-posterior-superior',
      sizes: '2 1 2',
      'space directions': '(0.5,0,0) (0,-0.7,0) (0,0,6.5)',
      endian: 'little',
      encoding: 'gzip',
      'space origin': '(1,2,3)',
      ...change,
    };
    return `NRRD0004\n# a comment: with a colon\n${Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join('')}\n`;
  };
  const file = (text: string, data = gzipSync(new Uint8Array(Int16Array.of(1, -2, 3, 400).buffer))): Uint8Array =>
    Uint8Array.from([...new TextEncoder().encode(text), ...data]);

  it('keeps its flipped axis', () => {
    const volume = parseNrrd(file(header()), 'v.nrrd');
    if (!volume.ok) throw new Error(volume.error.message);
    expect([...volume.value.values]).toEqual([1, -2, 3, 400]);
    expect(volume.value.grid).toMatchObject({ spacing: [0.5, 0.7, 6.5], columns: 2, rows: 1, slices: 2 });
    expect(volume.value.grid.directions[1][1]).toBe(-1);
  });

  it.each<[string, Uint8Array]>([
    ['without a header', new Uint8Array(50)],
    ['in another space', file(header({ space: 'right-anterior-superior' }))],
    ['of blocks', file(header({ type: 'block' }))],
    ['cut short', file(header({ sizes: '2 2 2' }))],
  ])('%s is refused', (_, bytes) => {
    const result = parseNrrd(bytes, 'v.nrrd');
    expect(result.ok ? undefined : result.error.code).toBe('not-nrrd');
  });
});

describe('the truth', () => {
  const volume = parseNifti(niftiBytes(), 'm.nii');
  if (!volume.ok) throw new Error();

  it('lies on the slices in stack order, with the tight box of each', () => {
    const truth = truthOn(volume.value, stack());
    if (!truth.ok) throw new Error(truth.error.message);
    expect([...truth.value.masks.get(0)!]).toEqual([0, 1, 1, 1, 1, 1]);
    expect(truth.value).toMatchObject({ first: 0, last: 1 });
    expect(truth.value.boxes.get(1)).toEqual({ x0: 0, y0: 0, x1: 2, y1: 1 });
  });

  it('is refused where the mask lies elsewhere or is flipped', () => {
    const shifted = truthOn(volume.value, stack([10.2, -20, 30]));
    expect(shifted.ok ? undefined : shifted.error.code).toBe('mask-grid-differs');
    const [i, j, k] = volume.value.grid.directions;
    const flipped = { ...volume.value, grid: { ...volume.value.grid, directions: [[-1, 0, 0], j, k] as const } };
    expect(i[0]).toBeCloseTo(1, 9);
    expect(truthOn(flipped, stack()).ok).toBe(false);
  });
});

describe('cases.json', () => {
  const entry = {
    id: 'A/CT',
    dicomModality: 'CT',
    image: 'A/image',
    mask: 'A/mask.nii.gz',
    seriesInstanceUID: '1.2',
    keySlice: { sopInstanceUID: '1.2.3', bbox: [1, 2, 3, 4] },
  };
  async function readWith(cases: unknown, selection = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'voxprompt-'));
    await writeFile(join(folder, 'cases.json'), JSON.stringify({ cases }));
    const result = await readCases(folder, selection);
    await rm(folder, { recursive: true });
    return result;
  }

  it('keeps what was asked for', async () => {
    const cases = [entry, { ...entry, id: 'A/PET', dicomModality: 'PT' }];
    const result = await readWith(cases, { modalities: ['PT'] });
    expect(result.ok && result.value.map(({ id, box }) => [id, box])).toEqual([
      ['A/PET', { x0: 1, y0: 2, x1: 3, y1: 4 }],
    ]);
  });

  it('knows which other series of the patient lie in the same frame, also where they are not asked for', async () => {
    const of = (id: string, dicomModality: string, frame: string | undefined) => ({
      ...entry,
      ...{ id, dicomModality, image: id, seriesInstanceUID: `1.${dicomModality.length}`, patient: id.slice(0, 1) },
      ...(frame === undefined ? {} : { frameOfReferenceUID: frame }),
    });
    const cases = [
      of('A/CT', 'CT', '1.9'),
      of('A/PET', 'PT', '1.9'),
      of('A/late', 'CT', '1.9'),
      of('A/MR', 'MR', '1.8'),
    ];
    const result = await readWith([...cases, of('B/PET', 'PT', '1.9'), of('C/CT', 'CT', undefined)]);
    if (!result.ok) throw new Error(result.error.message);
    const beside = result.value.map((each) => [
      each.id,
      each.kind === 'dicom' ? each.companions.map(({ images }) => images.split('/').slice(-2).join('/')) : [],
    ]);
    expect(beside).toEqual([
      ['A/CT', ['A/PET']],
      ['A/PET', ['A/CT']],
      ['A/late', ['A/PET']],
      ['A/MR', []],
      ['B/PET', []],
      ['C/CT', []],
    ]);
    const asked = await readWith(cases, { modalities: ['PT'] });
    expect(asked.ok && asked.value[0]!.kind === 'dicom' && asked.value[0]!.companions.length).toBe(1);
  });

  it('takes volume files too, and leaves out those with many lesions', async () => {
    const volume = {
      id: 'v',
      image: 'v.nii',
      mask: 'm.nii',
      intensity: [-1000, 900],
      keySlice: { axis: 2, index: 7, bbox: [1, 2, 3, 4] },
    };
    const result = await readWith([volume, { ...volume, id: 'ms', components: 140 }]);
    expect(result.ok && result.value).toMatchObject([{ id: 'v', kind: 'volume', modality: 'CT', k: 7 }]);
  });

  it('knows the patient of a case, keeps the patients asked for, and lets no patient into two splits', async () => {
    const of = (id: string, split: string) => ({ ...entry, id, split });
    const cases = [of('A/CT', 'train'), of('A/MR', 'train'), { ...of('x', 'val'), patient: 'B' }];
    const result = await readWith(cases, { patients: ['B'] });
    expect(result.ok && result.value.map(({ patient, split }) => [patient, split])).toEqual([['B', 'val']]);
    const torn = await readWith([...cases, of('B/PT', 'train')]);
    expect(torn.ok ? '' : torn.error.message).toContain('patient B');
  });

  it('names an entry that it does not understand, and says so when nothing is left', async () => {
    const bad = await readWith([entry, { ...entry, keySlice: { bbox: [1] } }]);
    expect(bad.ok ? '' : bad.error.message).toContain('case 2');
    const none = await readWith([entry], { modalities: ['MR'] });
    expect(none.ok ? '' : none.error.code).toBe('no-cases');
  });
});
