import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeSegmentation } from '../../../extensions/dicom-seg/index.ts';
import type { VolumeModel } from '../../../extensions/sam-segmentation/inference/volumeModel.ts';
import { brightnessModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightnessModel.ts';
import { brightVolumeModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightVolumeModel.ts';
import { SLICES, sliceFile } from '../../../test/support/spherePet.ts';
import { segmentOptions } from './options.ts';
import { segmentWith } from './segment.ts';

/** The same model, which lets other series have a say. */
const withSay = (model: VolumeModel): VolumeModel => ({
  ...model,
  manifest: { ...model.manifest, registered: { leastScore: 0.8 } },
});

it('looks at another series of the same frame too, and says what became of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-also-'));
  const written = async (name: string, slices: number, about: Parameters<typeof sliceFile>[1]): Promise<string> => {
    const path = join(folder, name);
    await mkdir(path);
    for (let k = 0; k < slices; k += 1) await writeFile(join(path, `${k}.dcm`), sliceFile(k, about));
    return path;
  };
  const dicom = await written('own', SLICES, {});
  const also = await written('also', SLICES, { series: '2.25.1003' });
  const elsewhere = await written('elsewhere', 1, { series: '2.25.1004', frame: '2.25.9' });
  const asked = (propagating: VolumeModel | undefined, name: string) => {
    const out = join(folder, 'seg.out');
    const options = segmentOptions([
      '--dicom',
      dicom,
      '--slice',
      '10',
      '--box',
      '10,7,26,23',
      '--out',
      out,
      '--also',
      name,
    ]);
    if (!options.ok) throw new Error(options.error.message);
    return segmentWith({ prompting: brightnessModel(), propagating }, options.value, () => {});
  };
  try {
    const propagating = withSay(brightVolumeModel());
    const report = await asked(propagating, also);
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.also).toEqual([{ series: '2.25.1003', score: expect.closeTo(0.9, 5), counted: true }]);
    const decoded = decodeSegmentation(await readFile(report.value.out));
    expect(decoded.ok && decoded.value.segments[0]!.algorithm).toMatchObject({
      parameters: expect.stringContaining('also seen in PT'),
    });

    const refusals = [
      [propagating, elsewhere, 'not-registered'],
      [propagating, '1.2.3', 'no-series'],
      [brightVolumeModel(), also, 'no-say'],
      [undefined, also, 'no-say'],
    ] as const;
    for (const [model, name, code] of refusals) {
      const refused = await asked(model, name);
      expect(refused.ok ? undefined : refused.error.code).toBe(code);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
