import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { numbers, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { withFileMeta } from './fileMeta.ts';
import { parsePart10 } from './parsePart10.ts';
import { storedPixels } from './storedPixels.ts';
import { DEFLATED_LE, EXPLICIT_LE } from './syntaxes.ts';

const ascii = (value: string): Uint8Array => new TextEncoder().encode(value.length % 2 === 0 ? value : `${value} `);

/** An explicit VR little endian element with a short length. */
function element(tag: string, vr: string, value: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  head.set(ascii(vr), 4);
  view.setUint16(6, value.length, true);
  return Uint8Array.from([...head, ...value]);
}
function pixels(values: readonly number[]): Uint8Array {
  const head = Uint8Array.of(0xe0, 0x7f, 0x10, 0, 0x4f, 0x57, 0, 0, values.length * 2, 0, 0, 0);
  return Uint8Array.from([...head, ...new Uint8Array(Int16Array.from(values).buffer)]);
}
const us = (value: number): Uint8Array => Uint8Array.of(value & 255, value >> 8);
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const dataset = join(
  element('00080005', 'CS', ascii('ISO 2022 IR 6\\ISO 2022 IR 87')),
  element('00080016', 'UI', ascii('1.2.840.10008.5.1.4.1.1.2')),
  element('00080018', 'UI', ascii('1.2.3.4')),
  element(
    '00100010',
    'PN',
    join(ascii('Yamada^Taro='), Uint8Array.of(0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42, 0x20)),
  ),
  element('00200032', 'DS', ascii('-1.50\\2e1\\3')),
  element('00280002', 'US', us(1)),
  element('00280010', 'US', us(2)),
  element('00280011', 'US', us(2)),
  element('00280100', 'US', us(16)),
  element('00280101', 'US', us(12)),
  element('00280103', 'US', us(1)),
  pixels([0x0fff, 5, 0x0800, 0x7001]),
);
const uids = { sopClassUID: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUID: '1.2.3.4' };
const file = withFileMeta(dataset, { ...uids, transferSyntaxUID: EXPLICIT_LE }).bytes;

const codeOf = (bytes: Uint8Array): string => {
  const parsed = parsePart10(bytes, { name: 'scan.dcm' });
  if (parsed.ok) return 'ok';
  expect(parsed.error.message).toContain('scan.dcm');
  return parsed.error.code;
};

describe('parsePart10', () => {
  it('gives numbers for decimal strings, and both groups of a Japanese name', () => {
    const parsed = parsePart10(file, { name: 'scan.dcm' });
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(numbers(parsed.value.dataset, Tag.ImagePositionPatient)).toEqual([-1.5, 20, 3]);
    expect(text(parsed.value.dataset, Tag.PatientName)).toBe('Yamada^Taro');
    expect(parsed.value.dataset[Tag.PatientName]?.Value?.[0]).toMatchObject({ Ideographic: '山田' });
  });

  it('carries the sign of 12 stored bits up and drops what lies above them', () => {
    const parsed = parsePart10(file, { name: 'scan.dcm' });
    const stored = parsed.ok ? storedPixels(parsed.value, 0) : parsed;
    expect(stored.ok && [...stored.value.values]).toEqual([-1, 5, -2048, 1]);
  });

  it('puts file meta in front of a bare data set, so that any reader takes it', () => {
    const parsed = parsePart10(dataset, { name: 'bare' });
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(String.fromCharCode(...parsed.value.bytes.subarray(128, 132))).toBe('DICM');
    expect(codeOf(parsed.value.bytes)).toBe('ok');
  });

  it('does so too where a UID holds what no UID may hold (found by fuzzing)', () => {
    const strange = dataset.slice();
    const uid = strange.findIndex((_, at) => String.fromCharCode(...strange.subarray(at, at + 8)) === '1.2.3.4 ');
    strange[uid + 6] = 0xe9;
    expect(codeOf(strange)).toBe('ok');
  });

  it('inflates a deflated data set and says explicit little endian from then on', () => {
    const deflated = withFileMeta(deflateSync(dataset), { ...uids, transferSyntaxUID: DEFLATED_LE }).bytes;
    const parsed = parsePart10(deflated, { name: 'scan.dcm' });
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(parsed.value.transferSyntaxUID).toBe(EXPLICIT_LE);
    expect(codeOf(parsed.value.bytes)).toBe('ok');
    expect(storedPixels(parsed.value, 0).ok).toBe(true);
  });

  it('names what is wrong with a file that is no DICOM, cut off, empty, or without identity', () => {
    expect(codeOf(new TextEncoder().encode('Dear colleague, the images are on the disc.'))).toBe('not-dicom');
    expect(codeOf(new Uint8Array())).toBe('empty-file');
    expect(codeOf(file.subarray(0, file.length - 3))).toBe('truncated');
    expect(codeOf(file.subarray(0, 300))).toBe('truncated');
    expect(
      codeOf(withFileMeta(element('00100020', 'LO', ascii('7')), { ...uids, transferSyntaxUID: EXPLICIT_LE }).bytes),
    ).toBe('no-uid');
    expect(codeOf(withFileMeta(new Uint8Array(64).fill(0xff), { ...uids, transferSyntaxUID: DEFLATED_LE }).bytes)).toBe(
      'not-inflatable',
    );
  });

  it('reads the header from the beginning of a file alone', () => {
    const parsed = parsePart10(file.subarray(0, file.length - 6), { name: 'scan.dcm', headerOnly: true });
    expect(parsed.ok && parsed.value.pixelData).toMatchObject({ kind: 'native', length: 8 });
  });

  it('never throws, whatever byte is damaged', () => {
    for (let at = 0; at < file.length; at += 1) {
      for (const value of [0, 0x7f, 0xff]) {
        const damaged = file.slice();
        damaged[at] = value;
        const parsed = parsePart10(damaged, { name: 'damaged' });
        if (parsed.ok) storedPixels(parsed.value, 0);
      }
    }
  });
});
