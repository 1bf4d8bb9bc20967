import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeSegmentation } from '../../extensions/dicom-seg/encode.ts';
import { verifyEncoded } from '../../extensions/dicom-seg/verify.ts';
import { judgeWithPydicom } from './support/judge.ts';
import { maskSlices } from './support/nifti.ts';
import { dcentvfyLines, dciodvfyErrors, has } from './support/programs.ts';
import { readSeries } from './support/readSeries.ts';
import { labelmapOf, requestOf, testSegment } from './support/segments.ts';

const data = fileURLToPath(new URL('../../../shared/data/sts/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'voxprompt-seg-'));
afterAll(() => process.env.KEEP || rmSync(folder, { recursive: true }));

/** One expert mask per modality: CT (implicit VR, signed), MR, PET (a rescale of its own in each slice, 28 x 28 pixels). */
const cases = ['STS_001/CT', 'STS_001/MR_T1', 'STS_019/PET', 'STS_025/CT'].map((name) => ({
  name,
  path: join(data, name),
}));

describe.skipIf(!existsSync(data))('segmentations of expert masks on real series', () => {
  for (const { name, path } of cases) {
    describe(name, () => {
      const series = readSeries(join(path, 'image'));
      const labelmap = labelmapOf(series, [[testSegment(1), maskSlices(join(path, 'mask.nii.gz'))]]);
      const encoded = encodeSegmentation(requestOf(series, labelmap));
      const file = join(folder, `${name.replace('/', '-')}.dcm`);
      if (encoded.ok) writeFileSync(file, encoded.value.bytes);

      it('reads back voxel for voxel', () => {
        expect(encoded.ok).toBe(true);
        if (!encoded.ok) return;
        const verdict = verifyEncoded(encoded.value.bytes, series, labelmap);
        expect(verdict).toEqual({ ok: true, value: { comparedVoxels: expect.any(Number) } });
      });

      it.skipIf(!has.dciodvfy)('has no error in dciodvfy but what its source has', () => {
        // The Study ID of this data is longer than its VR allows, and study attributes are repeated as they are.
        expect(dciodvfyErrors(file).filter((line) => !line.includes('StudyID'))).toEqual([]);
      });

      it.skipIf(!has.dcentvfy)('agrees with its source on patient, study and frame of reference', () => {
        const sources = readdirSync(join(path, 'image')).map((image) => join(path, 'image', image));
        expect(dcentvfyLines([...sources, file])).toEqual([]);
      });

      it.skipIf(!has.pydicom)('is the expert mask in pydicom too', () => {
        expect(judgeWithPydicom([{ file, series, labelmap }], folder)).toEqual([{ file, differing: 0, problems: [] }]);
      });
    });
  }
});
