import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seriesOf } from '../../test/dicom/support/readSeries.ts';
import { labelmapOf, requestOf, testSegment } from '../../test/dicom/support/segments.ts';
import { syntheticSeries } from '../../test/dicom/support/syntheticSeries.ts';
import { checkSegmentation } from './check.ts';
import { decodeSegmentation } from './decode.ts';
import { encodeSegmentation, writePart10 } from './encode.ts';
import { element } from './model/element.ts';
import { placeOnSeries } from './model/place.ts';
import { SegTag } from './model/tags.ts';
import { textReader } from './part10/characterSet.ts';

const series = seriesOf(
  syntheticSeries({
    columns: 11,
    rows: 9,
    slices: 3,
    geometry: 'sagittal',
    source: 'CT',
    order: 'ascending',
    decimals: 'text',
    patient: 'japanese',
    serial: 2,
  }),
);
const mask = Uint8Array.from({ length: 99 }, (_, p) => Number(p % 3 === 0));
const labelmap = labelmapOf(series, [
  [
    testSegment(1),
    new Map([
      [0, mask],
      [2, mask],
    ]),
  ],
]);
const encoded = encodeSegmentation(requestOf(series, labelmap));
if (!encoded.ok) throw new Error(encoded.error.code);
const { bytes, dataset } = encoded.value;
const pixelData = bytes.slice(-26);

const codeOf = (file: Uint8Array): string => {
  const decoded = decodeSegmentation(file);
  return decoded.ok ? 'ok' : decoded.error.code;
};

describe('files that are no sound segmentation', () => {
  it('are refused with a reason when cut short anywhere', () => {
    for (let length = 0; length < bytes.length - 2; length += 7) {
      expect([
        'not-dicom',
        'dicom-malformed',
        'not-a-segmentation',
        'no-pixels',
        'pixel-data-length',
        'no-segments',
        'frame-count',
        'dangling-segment',
      ]).toContain(codeOf(bytes.subarray(0, length)));
    }
  });

  it('never throw, whatever bytes are wrong', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const damaged = Uint8Array.from(bytes);
          for (const [at, value] of changes) damaged[at] = value;
          const decoded = decodeSegmentation(damaged);
          if (decoded.ok) placeOnSeries(decoded.value, series);
          checkSegmentation(damaged, series);
        },
      ),
      { seed: 7, numRuns: 1500 },
    );
  });

  it('say what they are', () => {
    expect(codeOf(new Uint8Array(10))).toBe('not-dicom');
    expect(codeOf(writePart10({ ...dataset, '00080016': element('UI', '1.2.840.10008.5.1.4.1.1.2') }, pixelData))).toBe(
      'not-a-segmentation',
    );
    expect(codeOf(writePart10(dataset))).toBe('no-pixels');
    expect(codeOf(writePart10(dataset, pixelData.subarray(0, 20)))).toBe('pixel-data-length');
    expect(codeOf(writePart10({ ...dataset, [SegTag.SegmentSequence]: { vr: 'SQ' } }, pixelData))).toBe('no-segments');
  });

  it('nested too deeply do not exhaust the stack', () => {
    let deep = { ...dataset };
    for (let n = 0; n < 60; n += 1) deep = { '00081115': { vr: 'SQ', Value: [deep] } };
    expect(codeOf(writePart10({ ...dataset, ...deep }, pixelData))).toBe('dicom-malformed');
  });
});

describe('frames that start on bytes of their own', () => {
  const stream = (first: number, second: number): Uint8Array => {
    // Two frames of 99 pixels: 13 bytes each when padded, 26 in all; 25 and a pad when not.
    const bytesOfTwo = new Uint8Array(26);
    bytesOfTwo[first] = 0x04;
    bytesOfTwo[second] = 0x02;
    return bytesOfTwo;
  };
  const renamed = (file: Uint8Array, name: string): Uint8Array => {
    const out = Uint8Array.from(file);
    const at = Buffer.from(out).indexOf('VOXPROMPT_');
    out.set(new TextEncoder().encode(name.padEnd(15, ' ')), at);
    return out;
  };

  it('are read as meant where their padding bits say so, and noted', () => {
    const last = new Uint8Array(26);
    last[25] = 0x04;
    const decoded = decodeSegmentation(writePart10(dataset, last));
    expect(decoded.ok && decoded.value.notes.map(({ code }) => code)).toEqual(['padded-frames']);
    expect(decoded.ok && decoded.value.storedFrame(1).indexOf(1)).toBe(98);
  });

  it('are a guess where both layouts fit: the standard for others, a refusal for a writer that uses both', () => {
    const file = writePart10(dataset, stream(2, 20));
    const decoded = decodeSegmentation(file);
    expect(decoded.ok && decoded.value.notes.map(({ code }) => code)).toEqual(['bit-layout-assumed']);
    expect(codeOf(renamed(file, 'dcmjs-0.52.0'))).toBe('bit-layout-ambiguous');
  });
});

describe('checks in plain words', () => {
  it('find nothing wrong with what we write', () => {
    expect(checkSegmentation(bytes, series)).toEqual([]);
  });

  it('name what was changed, and never a value of the patient', () => {
    const other = writePart10(
      { ...dataset, '00100020': element('LO', 'SECRET'), '00081090': { vr: 'LO' }, '00081115': { vr: 'SQ' } },
      pixelData,
    );
    const findings = checkSegmentation(other, series);
    expect(findings.map(({ code }) => code)).toEqual(['no-equipment', 'no-referenced-series', 'differs-from-source']);
    expect(JSON.stringify(findings)).not.toContain('SECRET');
  });
});

describe('character sets', () => {
  const read = (terms: readonly string[], ...values: readonly number[]): string =>
    textReader(terms)(Uint8Array.from(values));

  it('reads the examples of PS3.5 annexes H and I', () => {
    // H.3.1: Yamada^Tarou=山田^太郎=やまだ^たろう in ISO 2022 IR 87
    const kanji = [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42];
    expect(read(['', 'ISO 2022 IR 87'], ...kanji)).toBe('山田');
    // I.2: Hong^Gildong=洪^吉洞 in ISO 2022 IR 149
    expect(read(['', 'ISO 2022 IR 149'], 0x1b, 0x24, 0x29, 0x43, 0xfb, 0xf3)).toBe('洪');
    expect(read(['ISO_IR 100'], 0x4d, 0xfc)).toBe('Mü');
    expect(read(['ISO_IR 144'], 0xbb)).toBe('Л');
    expect(read(['GB18030'], 0xcd, 0xf5)).toBe('王');
    expect(read(['ISO_IR 192'], 0xc3, 0xbc)).toBe('ü');
    expect(read([], 0x41)).toBe('A');
  });
});
