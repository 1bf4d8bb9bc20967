import { describe, expect, it } from 'vitest';
import type { DicomDataset } from './dataset.ts';
import { imageSeriesOf } from './imageSeries.ts';

const element = (vr: string, ...Value: readonly unknown[]) => ({ vr, Value });

function slice(index: number, z: number, change: DicomDataset = {}): DicomDataset {
  return {
    '00080016': element('UI', '1.2.840.10008.5.1.4.1.1.128'),
    '00080018': element('UI', `1.2.3.${index}`),
    '00080060': element('CS', 'PT'),
    '0020000D': element('UI', '1.2.3'),
    '0020000E': element('UI', '1.2.3.4'),
    '00200032': element('DS', -10, -20, z),
    '00200037': element('DS', 1, 0, 0, 0, 1, 0),
    '00280010': element('US', 28),
    '00280011': element('US', 30),
    '00280030': element('DS', 4, 5.5),
    '00281052': element('DS', 0),
    '00281053': element('DS', 0.001 * (index + 1)),
    ...change,
  };
}

const multiFrame: DicomDataset = {
  ...slice(0, 0),
  '00280008': element('IS', 2),
  '00200032': element('DS'),
  '52009229': element('SQ', {
    '00289110': element('SQ', { '00280030': element('DS', 1.5, 2) }),
    '00209116': element('SQ', { '00200037': element('DS', 0, 1, 0, 0, 0, -1) }),
  }),
  '52009230': element(
    'SQ',
    {
      '00209113': element('SQ', { '00200032': element('DS', 3, 0, 0) }),
      '00289145': element('SQ', { '00281052': element('DS', -1024), '00281053': element('DS', 2) }),
    },
    { '00209113': element('SQ', { '00200032': element('DS', 5, 0, 0) }) },
  ),
};

describe('an image series', () => {
  it('keeps each slice with its own rescale slope when the files come in any order', () => {
    const result = imageSeriesOf([slice(2, 6), slice(0, 0), slice(1, 3)]);
    if (!result.ok) throw new Error(result.error.message);
    expect(result.value.frames.map(({ sopInstanceUID }) => sopInstanceUID)).toEqual(['1.2.3.0', '1.2.3.1', '1.2.3.2']);
    expect(result.value.frames.map(({ lut }) => lut.slope)).toEqual([0.001, 0.002, 0.003]);
    expect(result.value.stack.planes[0]).toMatchObject({ rowSpacing: 4, columnSpacing: 5.5, rows: 28, columns: 30 });
    expect(result.value.frames[0]?.frameNumber).toBeUndefined();
  });

  it('reads the frames of a multi-frame object from shared and per-frame groups', () => {
    const result = imageSeriesOf([multiFrame]);
    if (!result.ok) throw new Error(result.error.message);
    const { frames, stack } = result.value;
    // normal of (0,1,0) x (0,0,-1) is (-1,0,0): the frame at x = 5 is the lower one
    expect(frames.map(({ frameNumber }) => frameNumber)).toEqual([2, 1]);
    expect(stack.planes[0]).toMatchObject({ rowSpacing: 1.5, columnSpacing: 2 });
    expect(frames[1]?.lut).toMatchObject({ slope: 2, intercept: -1024 });
  });

  it('reads numbers that came as text, as some archives send DS', () => {
    const result = imageSeriesOf([slice(0, 0, { '00200032': element('DS', '-1.5e1', '2', ' 3 ') })]);
    expect(result.ok && result.value.stack.planes[0]?.position).toEqual([-15, 2, 3]);
  });

  it.each([
    ['no-image-plane', { '00200032': element('DS') }],
    ['no-image-plane', { '00200037': element('DS', 1, 0, 0, 0.5, 0.5, 0) }],
    ['no-image-plane', { '00280030': element('DS', 0, 1) }],
    ['not-an-image', { '00280010': element('US') }],
    ['mixed-series', { '0020000E': element('UI', '9.9') }],
  ])('refuses with %s rather than guess', (code, change) => {
    const result = imageSeriesOf([slice(0, 0), slice(1, 3, change)]);
    expect(result.ok ? 'ok' : result.error.code).toBe(code);
  });
});
