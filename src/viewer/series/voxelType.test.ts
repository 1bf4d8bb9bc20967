import { describe, expect, it } from 'vitest';
import type { SliceFrame } from '#core/dicom/imageSeries.ts';
import { toModalitySlice, voxelTypeOf } from './voxelType.ts';

const frame = (bitsStored: number, signed: boolean, slope: number, intercept: number): SliceFrame => ({
  sopInstanceUID: '1',
  sopClassUID: '2',
  frameNumber: undefined,
  lut: { slope, intercept },
  dataset: {
    '00280101': { vr: 'US', Value: [bitsStored] },
    '00280103': { vr: 'US', Value: [signed ? 1 : 0] },
  },
});

describe('the array type of a series', () => {
  it('is int16 for the usual CT: 12 bits unsigned with intercept -1024', () => {
    expect(voxelTypeOf([frame(12, false, 1, -1024)])).toBe('Int16Array');
  });

  it('is float32 for 16 bits unsigned with a negative intercept, which no 16-bit integer holds', () => {
    expect(voxelTypeOf([frame(16, false, 1, -1024)])).toBe('Float32Array');
  });

  it('is float32 as soon as one slice of a PET has a slope that is not whole', () => {
    expect(voxelTypeOf([frame(16, false, 1, 0), frame(16, false, 0.37, 0)])).toBe('Float32Array');
  });

  it('is uint16 for 16 bits unsigned without rescale', () => {
    expect(voxelTypeOf([frame(16, false, 1, 0)])).toBe('Uint16Array');
  });

  it('counts a negative slope in', () => {
    expect(voxelTypeOf([frame(16, false, -1, 0)])).toBe('Float32Array');
  });
});

describe('one slice through its modality LUT', () => {
  it('keeps fractions between whole ends: slope 0.5 on 0, 1, 2', () => {
    expect([...toModalitySlice([0, 1, 2], { slope: 0.5, intercept: 0 }, 'Float32Array').values]).toEqual([0, 0.5, 1]);
  });

  it("shows values beyond the header's bits clamped, and keeps the true ones beside", () => {
    const slice = toModalitySlice([0, 40_000], { slope: 1, intercept: -1024 }, 'Int16Array');
    expect([...slice.values]).toEqual([-1024, 32_767]);
    expect([...(slice.exact ?? [])]).toEqual([-1024, 38_976]);
  });

  it('keeps nothing beside where nothing was clamped', () => {
    expect(toModalitySlice([-5, 5], { slope: 2, intercept: 1 }, 'Int16Array')).toMatchObject({
      exact: undefined,
      lowest: -9,
      highest: 11,
    });
  });
});
