import { describe, expect, it } from 'vitest';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { initialWindow, percentileWindow, presetsOf, windowOfHeader } from './autoWindow.ts';

const series = (modality: string, dataset: DicomDataset = {}): ImageSeries =>
  ({
    modality,
    frames: [{ dataset, frameNumber: undefined, lut: { slope: 1, intercept: 0 } }],
  }) as unknown as ImageSeries;
const auto = { lower: 0, upper: 100, source: 'percentile' } as const;
const voi: DicomDataset = { '00281050': { vr: 'DS', Value: [50, 10] }, '00281051': { vr: 'DS', Value: [200, 20] } };

describe('the first window', () => {
  it('is the first of the file, where it has one', () => {
    expect(initialWindow(series('MR', voi), auto)).toEqual({ lower: -50, upper: 150, source: 'dicom' });
  });

  it('is soft tissue for a CT without one', () => {
    expect(initialWindow(series('CT'), auto)).toMatchObject({ lower: -160, upper: 240 });
  });

  it('is SUV 0 to 7 for a PET that has SUV, with others on the number keys', () => {
    // Corrected to the injection: 80 kg and 400 MBq make 1 SUV of 5000 Bq/ml.
    const injection = { '00181074': { vr: 'DS', Value: [4e8] }, '00181075': { vr: 'DS', Value: [6586.2] } };
    const pet = series('PT', {
      '00101030': { vr: 'DS', Value: [80] },
      '00280051': { vr: 'CS', Value: ['DECY', 'ATTN'] },
      '00540016': { vr: 'SQ', Value: [injection] },
      '00541001': { vr: 'CS', Value: ['BQML'] },
      '00541102': { vr: 'CS', Value: ['ADMIN'] },
    });
    const rescaled = {
      ...pet,
      frames: pet.frames.map((frame) => ({ ...frame, lut: { ...frame.lut, units: 'BQML' } })),
    };
    expect(initialWindow(rescaled, auto)).toEqual({ lower: 0, upper: 35_000, source: 'preset' });
    expect(presetsOf(rescaled, auto).map(({ name, window }) => [name, window.upper])).toEqual([
      ['SUV 0–5', 25_000],
      ['SUV 0–7', 35_000],
      ['SUV 0–10', 50_000],
      ['SUV 0–15', 75_000],
      ['Auto', 100],
      ['Wider', 160],
      ['Narrower', 60],
    ]);
  });

  it('spans the values of a PET without one or SUV', () => {
    expect(initialWindow(series('PT'), auto)).toEqual(auto);
  });

  it('takes no window of width zero from a file', () => {
    expect(windowOfHeader(series('MR', { ...voi, '00281051': { vr: 'DS', Value: [0] } }))).toBeUndefined();
  });

  it('reads the window of an enhanced object from its functional groups', () => {
    const group = { vr: 'SQ', Value: [{ '00289132': { vr: 'SQ', Value: [voi] } }] };
    expect(windowOfHeader(series('MR', { '52009229': group }))).toMatchObject({ lower: -50, upper: 150 });
  });
});

describe('the window of the values', () => {
  it('leaves out one hot pixel in a thousand', () => {
    const values = Float32Array.from({ length: 1001 }, (_, index) => (index === 1000 ? 1e6 : index));
    expect(percentileWindow([values])).toEqual({ lower: 5, upper: 995, source: 'percentile' });
  });

  it('is none for an image of one value', () => {
    expect(percentileWindow([new Int16Array(100)])).toBeUndefined();
  });

  it("offers wider and narrower around it, in key order, and the file's own last", () => {
    expect(presetsOf(series('MR', voi), auto).map(({ name }) => name)).toEqual([
      'Auto',
      'Wider',
      'Narrower',
      'From file',
    ]);
    expect(presetsOf(series('CT'), auto)[0]?.name).toBe('Soft tissue');
  });
});
