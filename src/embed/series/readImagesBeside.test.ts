import { metaData } from '@cornerstonejs/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { SliceFrame } from '#core/dicom/imageSeries.ts';
import { readImagesBeside } from './readImagesBeside.ts';

/** Images 'beside:0' upwards, 3 mm apart, in the host's metadata. */
function provider(type: string, query: unknown): unknown {
  const [, k] = /^beside:(\d+)$/.exec(String(query)) ?? [];
  if (k === undefined) return undefined;
  const plane = {
    ...{ rows: 4, columns: 4, rowPixelSpacing: 1, columnPixelSpacing: 1 },
    ...{ rowCosines: [1, 0, 0], columnCosines: [0, 1, 0], imagePositionPatient: [0, 0, 3 * Number(k)] },
  };
  const instance = { SOPInstanceUID: `1.2.${k}`, SOPClassUID: '1.3', SeriesInstanceUID: '1.2', StudyInstanceUID: '1' };
  return { imagePlaneModule: plane, instance }[type];
}

const frame = (uid: string): SliceFrame => ({
  sopInstanceUID: uid,
  sopClassUID: '1.3',
  frameNumber: undefined,
  lut: { slope: 1, intercept: 0 },
  dataset: {},
});

describe("another series by a host's own images", () => {
  afterEach(() => metaData.removeProvider(provider));

  it('is refused where the host has a part of it, or other images', async () => {
    metaData.addProvider(provider, 10_000);
    const images = ['beside:1', 'beside:0'];
    for (const frames of [['1.2.0', '1.2.1', '1.2.2'], ['1.2.0'], ['1.2.1', '1.2.2']]) {
      const read = await readImagesBeside(images, { frames: frames.map(frame) }, {});
      expect(read.ok ? undefined : read.error.code, frames.join()).toBe('other-images');
    }
    const none = await readImagesBeside([], { frames: [] }, {});
    expect(none.ok ? undefined : none.error.code).toBe('no-instances');
  });
});
