import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { encodeSegmentation } from '../../extensions/dicom-seg/encode.ts';
import { verifyEncoded } from '../../extensions/dicom-seg/verify.ts';
import { judgeWithPydicom } from './support/judge.ts';
import { maskSlices } from './support/nifti.ts';
import { dcentvfyLines, dciodvfyErrors, has } from './support/programs.ts';
import { readSeries } from './support/readSeries.ts';
import { labelmapOf, requestOf, testSegment } from './support/segments.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'voxprompt-seg-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Full field of view, no expert mask: an ellipsoid that touches the border. T1 is oblique. */
const DEMO = ['demo/STS_001/MR_T1', 'demo/STS_001/MR_T2', 'demo/CRLM-CT-1004'];

/** One expert mask per modality: CT (implicit VR, signed), MR, PET (a rescale of its own in each slice, 28 x 28 pixels). */
const cases = ['sts/STS_001/CT', 'sts/STS_001/MR_T1', 'sts/STS_019/PET', 'sts/STS_025/CT', ...DEMO];

describe.skipIf(!existsSync(data))('segmentations of expert masks on real series', () => {
  for (const name of cases) {
    const path = join(data, name);
    describe(name, () => {
      const series = readSeries(imagesOf(path));
      const labelmap = labelmapOf(series, [[testSegment(1), masksOf(path, series)]]);
      const encoded = encodeSegmentation(requestOf(series, labelmap));
      const file = join(folder, `${name.replaceAll('/', '-')}.dcm`);
      if (encoded.ok) writeFileSync(file, encoded.value.bytes);

      it('reads back voxel for voxel', () => {
        expect(encoded.ok).toBe(true);
        if (!encoded.ok) return;
        const verdict = verifyEncoded(encoded.value.bytes, series, labelmap);
        expect(verdict).toEqual({ ok: true, value: { comparedVoxels: expect.any(Number) } });
      });

      it.skipIf(!has.dciodvfy)('has no error in dciodvfy, though its source has a Study ID that is too long', () => {
        expect(dciodvfyErrors(file)).toEqual([]);
      });

      it.skipIf(!has.dcentvfy)('agrees with its source on patient, study and frame of reference', () => {
        const sources = readdirSync(imagesOf(path)).map((image) => join(path, 'image', image));
        // The source's Study ID is longer than SH allows, so ours is empty (Type 2).
        const others = dcentvfyLines([...sources, file]).filter((line) => !/is empty .*Element=<StudyID>/.test(line));
        expect(others).toEqual([]);
      });

      it.skipIf(!has.pydicom)('is the expert mask in pydicom too', () => {
        expect(judgeWithPydicom([{ file, series, labelmap }], folder)).toEqual([{ file, differing: 0, problems: [] }]);
      });
    });
  }
});

function masksOf(path: string, series: ImageSeries): ReadonlyMap<number, SliceMask> {
  const file = join(path, 'mask.nii.gz');
  if (existsSync(file)) return maskSlices(file);
  const { columns, rows } = series.stack.planes[0]!;
  const depth = series.frames.length;
  const ellipse = (k: number): SliceMask =>
    Uint8Array.from({ length: columns * rows }, (_, p) => {
      const x = ((p % columns) / columns) * 2 - 0.4;
      const y = (Math.floor(p / columns) / rows) * 2 - 1;
      return x * x + y * y + ((2 * k) / depth - 1) ** 2 < 0.5 ? 1 : 0;
    });
  return new Map(series.frames.map((_, k) => [k, ellipse(k)] as const).filter(([, mask]) => mask.includes(1)));
}

const imagesOf = (path: string): string => join(path, 'image');
