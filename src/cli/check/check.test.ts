import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check } from './checkCommand.ts';

const FORMATS = fileURLToPath(new URL('../../../../shared/data/formats', import.meta.url));

describe('voxprompt check', () => {
  it('says which file could not be read', async () => {
    const report = await check({ file: 'nowhere.dcm', json: false });
    expect(report.ok ? 'ok' : report.error).toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('nowhere.dcm'),
    });
  });

  it.skipIf(!existsSync(FORMATS))(
    'finds nothing wrong in a segmentation that dcmqi wrote, beside its images',
    async () => {
      const folder = `${FORMATS}/dcmqi/24x38x3`;
      const report = await check({ file: `${folder}/seg/label.seg`, source: `${folder}/image`, json: false });
      if (!report.ok) throw new Error(report.error.message);
      expect(report.value.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    },
  );

  it.skipIf(!existsSync(FORMATS))('says that a segmentation belongs to other images', async () => {
    const report = await check({
      file: `${FORMATS}/dcmqi/24x38x3/seg/label.seg`,
      source: `${FORMATS}/dcmqi/23x38x3/image`,
      json: false,
    });
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.findings.filter(({ severity }) => severity === 'error')).not.toEqual([]);
  });
});
