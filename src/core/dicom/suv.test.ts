import { describe, expect, it } from 'vitest';
import type { DicomDataset } from './dataset.ts';
import { imageSeriesOf } from './imageSeries.ts';
import { type ValueScale, valueScaleOf } from './valueScale.ts';

const element = (vr: string, ...Value: readonly unknown[]) => ({ vr, Value });
const none = (vr: string) => ({ vr });
const F18 = 6586.2;

/** An injection at 10:00, a scan of 70 kg at 11:00. */
const injection = (change: DicomDataset = {}): DicomDataset => ({
  '00181072': element('TM', '100000.00'),
  '00181074': element('DS', '370000000'),
  '00181075': element('DS', F18),
  ...change,
});
function slice(k: number, change: DicomDataset = {}): DicomDataset {
  return {
    '00080016': element('UI', '1.2.840.10008.5.1.4.1.1.128'),
    '00080018': element('UI', `1.2.3.${k}`),
    '00080021': element('DA', '20200301'),
    '00080022': element('DA', '20200301'),
    '00080031': element('TM', '110000.4'),
    '00080032': element('TM', '110000'),
    '00080060': element('CS', 'PT'),
    '00101030': element('DS', 70),
    '00181242': element('IS', 120_000),
    '0020000D': element('UI', '1.2.3'),
    '0020000E': element('UI', '1.2.3.4'),
    '00200032': element('DS', 0, 0, 3 * k),
    '00200037': element('DS', 1, 0, 0, 0, 1, 0),
    '00280010': element('US', 4),
    '00280011': element('US', 4),
    '00280030': element('DS', 4, 4),
    '00280051': element('CS', 'DECY', 'ATTN', 'SCAT'),
    '00281052': element('DS', 0),
    '00281053': element('DS', 1.5),
    '00540016': element('SQ', injection()),
    '00541001': element('CS', 'BQML'),
    '00541102': element('CS', 'START'),
    '00541300': element('DS', 0),
    ...change,
  };
}

function scaleOf(change: DicomDataset = {}, second: DicomDataset = change): ValueScale {
  const series = imageSeriesOf([slice(0, change), slice(1, second), slice(2, second)]);
  if (!series.ok) throw new Error(series.error.message);
  return valueScaleOf(series.value);
}
const withInjection = (change: DicomDataset): DicomDataset => ({ '00540016': element('SQ', injection(change)) });
const factor = (change?: DicomDataset): number => {
  const scale = scaleOf(change);
  expect(scale).toMatchObject({ units: 'SUVbw', isSuv: true });
  return scale.factor;
};
const refusal = (change: DicomDataset, second = change): string | undefined => {
  const scale = scaleOf(change, second);
  expect(scale).toMatchObject({ factor: 1, isSuv: false });
  return scale.noSuv;
};
const leftAfter = (seconds: number): number => 70_000 / (370e6 * 2 ** (-seconds / F18));
const bytesOf = (value: string): { vr: string; InlineBinary: string } => ({ vr: 'UN', InlineBinary: btoa(value) });

describe('SUV by body weight', () => {
  it('is weight over the dose that is left when the scan starts', () => {
    expect(factor()).toBeCloseTo(leftAfter(3600.4), 13);
    expect(factor(withInjection({ '00181075': element('DS', 3600.4) }))).toBeCloseTo((2 * 70_000) / 370e6, 13);
  });

  it('takes the whole dose where values are corrected to the injection, and asks for no time', () => {
    const change = { '00541102': element('CS', 'ADMIN'), ...withInjection({ '00181072': none('TM') }) };
    expect(factor(change)).toBe(70_000 / 370e6);
  });

  it('knows that an injection at 23:40 is of the day before a scan at 00:10', () => {
    const midnight = { '00080031': element('TM', '001000'), '00080032': element('TM', '001000') };
    expect(factor({ ...midnight, ...withInjection({ '00181072': element('TM', '234000') }) })).toBeCloseTo(
      leftAfter(1800),
      15,
    );
  });

  it('reads a dated injection, in another time zone too', () => {
    expect(factor(withInjection({ '00181078': element('DT', '20200301100000') }))).toBeCloseTo(leftAfter(3600.4), 13);
    const zones = {
      '00080201': element('SH', '+0100'),
      ...withInjection({ '00181072': none('TM'), '00181078': element('DT', '20200301090000.4+0000') }),
    };
    expect(factor(zones)).toBeCloseTo(leftAfter(3600), 13);
  });

  it('goes back from the mean time of the frame where a workstation has changed the series time', () => {
    const rate = Math.LN2 / F18;
    const mean = Math.log((rate * 120) / (1 - Math.exp(-rate * 120))) / rate;
    const later = (startsAfter: number, time: string): DicomDataset => ({
      '00080031': element('TM', '173000'),
      '00080032': element('TM', time),
      '00541300': element('DS', 1000 * (startsAfter + mean)),
    });
    const scale = scaleOf(later(240, '110400'), later(0, '110000'));
    expect(scale.factor).toBeCloseTo(leftAfter(3600), 12);
    expect(refusal(later(0, '110000'), later(0, '112000'))).toBe('scan-time');
  });

  it("takes GE's own scan time where the series time is later", () => {
    const ge = {
      '00080031': element('TM', '173000'),
      '00090012': element('LO', 'GEMS_PETD_01'),
      '0009120D': bytesOf('20200301105000.00 '),
    };
    expect(factor(ge)).toBeCloseTo(leftAfter(3000), 13);
  });

  it("takes the scanner's factor where Philips stores counts, in whatever block it lies and as bytes too", () => {
    const philips = { '00541001': element('CS', 'CNTS'), '70530011': element('LO', 'Philips PET Private Group') };
    expect(factor({ ...philips, '70531100': element('DS', '0.000537') })).toBe(0.000537);
    const implicit = { '70530011': bytesOf('Philips PET Private Group '), '70531100': bytesOf('0.000537') };
    expect(factor({ ...philips, ...implicit })).toBe(0.000537);
    expect(factor({ ...philips, '70531100': element('DS', 0), '70531109': element('DS', '2.5') })).toBeCloseTo(
      2.5 * leftAfter(3600.4),
      12,
    );
    expect(refusal(philips)).toBe('philips-factor');
    expect(refusal({ '00541001': element('CS', 'CNTS'), '70531000': element('DS', '0.5') })).toBe('philips-factor');
  });

  it('leaves values alone that are SUV in the file, and says of which kind', () => {
    expect(scaleOf({ '00541001': element('CS', 'GML'), '00101030': none('DS') })).toEqual({
      factor: 1,
      units: 'SUVbw',
      isSuv: true,
    });
    expect(scaleOf({ '00541001': element('CS', 'GML'), '00541006': element('CS', 'LBM') }).units).toBe('SUVlbm');
  });
});

describe('no SUV is given', () => {
  it.each<[string, string, DicomDataset]>([
    ['without a weight', 'weight', { '00101030': none('DS') }],
    ['for a weight of 70,000 kg', 'weight', { '00101030': element('DS', 70_000) }],
    ['for a dose of 370 Bq', 'dose', withInjection({ '00181074': element('DS', 370) })],
    ['without a half-life', 'half-life', withInjection({ '00181075': none('DS') })],
    ['for a half-life in minutes', 'decay-time', withInjection({ '00181075': element('DS', 109.77) })],
    ['without an injection', 'injection', { '00540016': none('SQ') }],
    ['for two injections', 'several-injections', { '00540016': element('SQ', injection(), injection()) }],
    ['without attenuation correction', 'corrections', { '00280051': element('CS', 'DECY', 'SCAT') }],
    ['where decay is not corrected', 'decay-correction', { '00541102': element('CS', 'NONE') }],
    ['without a time of the injection', 'injection-time', withInjection({ '00181072': none('TM') })],
    ['for an injection after the scan', 'decay-time', withInjection({ '00181072': element('TM', '113000') })],
    [
      'for two times of the injection',
      'injection-times',
      withInjection({ '00181078': element('DT', '20200301093000') }),
    ],
    ['for an injection a year before', 'decay-time', withInjection({ '00181078': element('DT', '20190301100000') })],
    [
      'for a time zone that nothing explains',
      'time-zone',
      withInjection({ '00181072': none('TM'), '00181078': element('DT', '20200301100000+0100') }),
    ],
    [
      'for Zr-89 without the day of the injection',
      'injection-day',
      withInjection({ '00181075': element('DS', 282_240) }),
    ],
    ['without an acquisition time', 'scan-time', { '00080032': none('TM') }],
    ['where the series time was changed and no frame time tells', 'scan-time', { '00080031': element('TM', '173000') }],
    ['in units of another kind', 'units', { '00541001': element('CS', 'PROPCPS') }],
    ['where rescale type and units differ', 'units-conflict', { '00281054': element('LO', 'GML') }],
    ['without a rescale', 'rescale', { '00281053': none('DS') }],
  ])('%s', (_, reason, change) => expect(refusal(change)).toBe(reason));

  it('where slices do not agree on the weight', () => {
    expect(refusal({}, { '00101030': element('DS', 71) })).toBe('slices-differ');
  });

  it('and the values are in Bq/ml then', () => {
    expect(scaleOf({ '00101030': none('DS') }).units).toBe('Bq/ml');
  });

  it('for other modalities, which keep their units', () => {
    expect(scaleOf({ '00080060': element('CS', 'CT'), '00541001': none('CS') })).toEqual({
      factor: 1,
      units: 'HU',
      isSuv: false,
    });
    expect(scaleOf({ '00080060': element('CS', 'MR'), '00541001': none('CS') }).units).toBe('');
  });
});
