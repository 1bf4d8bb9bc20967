import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { decodeSegmentation } from '../../extensions/dicom-seg/decode.ts';
import { writePart10 } from '../../extensions/dicom-seg/encode.ts';
import { compareLabelmaps } from '../../extensions/dicom-seg/model/compare.ts';
import type { DecodedSegmentation } from '../../extensions/dicom-seg/model/decoded.ts';
import { placeOnSeries } from '../../extensions/dicom-seg/model/place.ts';
import { differingVoxels } from './support/foreignGrid.ts';
import { type MatrixCase, matrix } from './support/matrix.ts';
import { has, python } from './support/programs.ts';
import { type DcmqiJob, gridOf, hasDcmqi, runDcmqi } from './support/runDcmqi.ts';

const full = process.env.VOXPROMPT_FULL === '1';
const seed = Number(process.env.VOXPROMPT_SEED ?? 20261122);
const folder = mkdtempSync(join(tmpdir(), 'voxprompt-dcmqi-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** dcmqi reads volumes: evenly spaced slices, not tilted. */
const REGULAR = new Set(['axial', 'coronal', 'sagittal', 'oblique', 'flipped']);

function regularCases(count: number): readonly MatrixCase[] {
  const found: MatrixCase[] = [];
  for (const one of matrix(count * 4, seed + 1)) {
    if (REGULAR.has(one.shape.geometry) && dcmqiReads(one) && found.length < count) found.push(one);
  }
  return found;
}

/**
 * dcmqi 7.6.4 (as WebAssembly) drops the last bits of a frame that spans one byte more than its length needs, and shifts every frame
 * after it: 3, 5, 6 or 7 pixels over a whole number of bytes, from the second or third frame on. pydicom and dcm2niix read
 * the same files as they were written.
 */
function dcmqiReads({ labelmap }: MatrixCase): boolean {
  const over = (labelmap.size.rows * labelmap.size.columns) % 8;
  const frames = [...labelmap.voxels.values()].reduce((sum, slices) => sum + slices.size, 0);
  return Array.from({ length: frames }, (_, frame) => ((frame * over) % 8) + over).every((bits) => bits <= 8);
}

describe.skipIf(!hasDcmqi)('dcmqi', () => {
  it('reads our objects voxel for voxel, with a word of complaint about none', { timeout: 600_000 }, () => {
    const cases = regularCases(full ? 110 : 8);
    const jobs = cases.map(({ bytes, overlap }, index): DcmqiJob => {
      const file = join(folder, `${index}.dcm`);
      writeFileSync(file, bytes);
      return { kind: overlap ? 'overlapping' : 'read', file };
    });
    const { answers, complaints } = runDcmqi(jobs, folder);
    const verdicts = cases.flatMap(({ name, series, labelmap }, index) => {
      const answer = answers[index]!;
      if (answer.error !== undefined) return [{ name, problem: answer.error }];
      return labelmap.segments.flatMap(({ number, trackingUid }) => {
        const slices = labelmap.voxels.get(number);
        if (slices === undefined || slices.size === 0) return [];
        const grid = gridOf(answer, trackingUid);
        const differing = grid === undefined ? -2 : differingVoxels(series, slices, grid);
        return differing === 0 ? [] : [{ name, problem: `segment ${number}: ${differing}` }];
      });
    });
    expect(verdicts).toEqual([]);
    expect(complaints).toEqual([]);
    console.log(`dcmqi judged ${cases.length} objects: 0 differing voxels`);
  });

  it('writes objects of the same masks that we read as they are', { timeout: 600_000 }, () => {
    const cases = regularCases(full ? 60 : 12).filter(
      ({ shape }) => !shape.source.startsWith('Enhanced') && shape.slices > 1,
    );
    const jobs = cases.map((one, index) => writeJob(one, join(folder, `dcmqi-${index}`)));
    const { answers } = runDcmqi(jobs, folder);
    const hashes: string[] = [];
    let compared = 0;
    const verdicts = cases.flatMap(({ name, series, labelmap }, index) => {
      const { file, error } = answers[index]!;
      if (error !== undefined) return [{ name, problem: error }];
      const decoded = decodeSegmentation(new Uint8Array(readFileSync(file)));
      if (!decoded.ok) return [{ name, problem: decoded.error.code }];
      const placed = placeOnSeries(decoded.value, series);
      if (!placed.ok) return [{ name, problem: `${placed.error.code} ${JSON.stringify(placed.error.context)}` }];
      hashes.push(hashOf(decoded.value));
      // Its writer drops the last pixel of an object whose pixels are one over a whole number of bytes.
      if ((series.stack.planes[0]!.rows * series.stack.planes[0]!.columns) % 8 === 1) return [];
      compared += 1;
      const first = firstSegment(labelmap);
      const [segment] = placed.value.segments;
      const expected = {
        ...labelmap,
        segments: [segment!],
        voxels: new Map([[segment!.number, labelmap.voxels.get(first.number)!]]),
      };
      const verdict = compareLabelmaps(expected, placed.value);
      return verdict.ok ? [] : [{ name, problem: JSON.stringify(verdict.error.context) }];
    });
    expect(verdicts).toEqual([]);
    expect(compared).toBeGreaterThan(0);
    console.log(`We judged ${compared} objects of dcmqi: 0 differing voxels`);
    if (!has.pydicom) return;
    const script = fileURLToPath(new URL('support/hashes.py', import.meta.url));
    expect(hashes).toEqual(
      python(
        script,
        jobs.map(({ file }) => file),
      )
        .trim()
        .split('\n'),
    );
    console.log(`pydicom agrees with us on all ${hashes.length}`);
  });
});

const hashOf = ({ frames, storedFrame }: DecodedSegmentation): string => {
  const hash = createHash('sha256');
  for (const { index } of frames) hash.update(storedFrame(index));
  return hash.digest('hex');
};

const firstSegment = ({ segments, voxels }: Labelmap) =>
  segments.find(({ number }) => (voxels.get(number)?.size ?? 0) > 0)!;

/** The first segment with voxels, as an ITK image with dcmqi's own description. */
function writeJob({ series, labelmap, headers }: MatrixCase, target: string): DcmqiJob {
  mkdirSync(target, { recursive: true });
  const sources = headers.map((header, index) => {
    const file = join(target, `source-${index}.dcm`);
    writeFileSync(file, writePart10(header, new Uint8Array(series.stack.grid!.columns * series.stack.grid!.rows * 2)));
    return file;
  });
  const grid = series.stack.grid!;
  const segment = firstSegment(labelmap);
  const labels = new Int16Array(grid.columns * grid.rows * grid.slices);
  for (const [k, mask] of labelmap.voxels.get(segment.number)!) labels.set(mask, k * mask.length);
  writeFileSync(join(target, 'labels'), new Uint8Array(labels.buffer));
  const [i, j, k] = grid.directions;
  const concept = (code: { value: string; scheme: string; meaning: string }) => ({
    CodeValue: code.value,
    CodingSchemeDesignator: code.scheme,
    CodeMeaning: code.meaning,
  });
  const attributes = {
    labelID: 1,
    SegmentLabel: 'Lesion',
    SegmentDescription: 'Lesion',
    SegmentAlgorithmType: 'MANUAL',
    SegmentedPropertyCategoryCodeSequence: concept(segment.category),
    SegmentedPropertyTypeCodeSequence: concept(segment.type),
    recommendedDisplayRGBValue: [240, 228, 66],
  };
  return {
    kind: 'write',
    file: join(target, 'seg.dcm'),
    labels: join(target, 'labels'),
    image: {
      imageType: { dimension: 3, componentType: 'int16', pixelType: 'Scalar', components: 1 },
      name: 'labels',
      origin: grid.origin,
      spacing: grid.spacing,
      direction: [0, 1, 2].flatMap((axis) => [i[axis], j[axis], k[axis]]),
      size: [grid.columns, grid.rows, grid.slices],
      metadata: [],
    },
    meta: {
      ContentCreatorName: 'Reader^One',
      ClinicalTrialSeriesID: '1',
      ClinicalTrialTimePointID: '1',
      SeriesDescription: 'Segmentation',
      SeriesNumber: '300',
      InstanceNumber: '1',
      segmentAttributes: [[attributes]],
    },
    sources,
  };
}
