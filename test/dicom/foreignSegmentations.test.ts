import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeSegmentation } from '../../extensions/dicom-seg/decode.ts';
import type { DecodedSegmentation } from '../../extensions/dicom-seg/model/decoded.ts';
import { frameMasks } from '../../extensions/dicom-seg/model/frameMasks.ts';
import { placeOnSeries } from '../../extensions/dicom-seg/model/place.ts';
import { readHeader, seriesOf } from './support/readSeries.ts';

interface IndexedFile {
  readonly path: string;
  readonly must: string;
  readonly acceptable?: readonly string[];
  readonly decoded: { readonly sha256: string };
  readonly seg?: {
    readonly type: string;
    readonly segments: readonly { readonly number: number; readonly label: string; readonly voxels: number }[];
    readonly referencedInstances: number;
    readonly sourceFilesPresent: readonly string[];
  };
}

const corpus = fileURLToPath(new URL('../../../shared/data/formats/', import.meta.url));
const index: readonly IndexedFile[] = existsSync(corpus)
  ? (JSON.parse(readFileSync(`${corpus}index.json`, 'utf8')) as { files: readonly IndexedFile[] }).files
  : [];
const table: string[] = [];

afterAll(() => {
  if (table.length > 0) console.log(`foreign segmentations:\n  ${table.join('\n  ')}`);
});

/** Reasons that may be given for a file that need not be read. */
const REASONS: Readonly<Record<string, string>> = {
  'highdicom/seg_image_sm_': 'tiled-segmentation',
  'pydicom-data/liver_j2k': 'pixel-encoding-unsupported',
  'pydicom-data/liver_nonbyte_aligned_j2k': 'pixel-encoding-unsupported',
};

const hashOf = (decoded: DecodedSegmentation): string => {
  const hash = createHash('sha256');
  for (const { index: frame } of decoded.frames) hash.update(decoded.storedFrame(frame));
  return hash.digest('hex');
};

const voxelsBySegment = (decoded: DecodedSegmentation, threshold?: number): Record<number, number> => {
  const masks = frameMasks(decoded, threshold);
  if (!masks.ok) throw new Error(masks.error.code);
  const counts: Record<number, number> = Object.fromEntries(decoded.segments.map(({ number }) => [number, 0]));
  for (const { segmentNumber, mask } of masks.value)
    counts[segmentNumber]! += mask.reduce((sum, value) => sum + value, 0);
  return counts;
};

describe.skipIf(index.length === 0)('segmentations by other writers', () => {
  for (const file of index) {
    const { seg } = file;
    if (seg === undefined) continue;
    it(`reads ${file.path} voxel for voxel, or says why not`, () => {
      const decoded = decodeSegmentation(new Uint8Array(readFileSync(`${corpus}${file.path}`)));
      if (!decoded.ok) {
        const reason = Object.entries(REASONS).find(([start]) => file.path.startsWith(start))?.[1];
        table.push(`${file.path}: refused, ${decoded.error.code}`);
        expect(file.acceptable).toContain('reject-with-clear-error');
        expect(decoded.error.code).toBe(reason);
        return;
      }
      expect(hashOf(decoded.value)).toBe(file.decoded.sha256);
      expect(decoded.value.kind).toBe(seg.type);
      const truth = seg.segments.filter(({ number }) => number > 0);
      // Any voxel above zero is what the index counts in fractional objects.
      const counts = voxelsBySegment(decoded.value, seg.type === 'FRACTIONAL' ? 1e-9 : undefined);
      expect(counts).toEqual(Object.fromEntries(truth.map(({ number, voxels }) => [number, voxels])));
      expect(decoded.value.segments.map(({ label }) => label)).toEqual(truth.map(({ label }) => label));
      table.push(`${file.path}: ${seg.type} ${decoded.value.frames.length} frames, ${placement(file, decoded.value)}`);
    });
  }
});

/** Places the object on those of its source images that are in the corpus. */
function placement({ seg, path }: IndexedFile, decoded: DecodedSegmentation): string {
  const sources = [...new Set(seg?.sourceFilesPresent ?? [])].filter((name) => name !== 'pydicom/CT_small.dcm');
  if (sources.length === 0) return 'no source here';
  // A radiograph has no place in the patient: there is no series to place it on.
  if (path.includes('cr_binary')) return 'source has no position';
  const placed = placeOnSeries(decoded, seriesOf(sources.map((name) => readHeader(`${corpus}${name}`))), {
    ...(seg?.type === 'FRACTIONAL' ? { fractionThreshold: 1e-9 } : {}),
  });
  if (!placed.ok)
    throw new Error(`${path}: ${placed.error.code} ${placed.error.message} ${JSON.stringify(placed.error.context)}`);
  const voxels = [...placed.value.voxels.values()].flatMap((slices) => [...slices.values()]);
  const placedVoxels = voxels.reduce((sum, mask) => sum + mask.reduce((a, b) => a + b, 0), 0);
  expect(placedVoxels).toBe(seg?.segments.filter(({ number }) => number > 0).reduce((sum, one) => sum + one.voxels, 0));
  return `placed on ${sources.length} images, ${placedVoxels} voxels`;
}
