import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { numbers, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { withFileMeta } from './part10/fileMeta.ts';
import { EXPLICIT_LE } from './part10/syntaxes.ts';
import { readDropped } from './readDropped.ts';
import { ZIP_LIMITS } from './unzip.ts';

const corpus = new URL('../../../shared/data/formats/', import.meta.url);
const present = existsSync(fileURLToPath(corpus));
const bytesOf = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(new URL(path, corpus)));
const file = (name: string, bytes: Uint8Array<ArrayBuffer>): File => new File([bytes], name);
const zip = (entries: Record<string, Uint8Array>): Uint8Array<ArrayBuffer> =>
  zipSync(entries) as Uint8Array<ArrayBuffer>;
const codes = (refused: readonly { name: string; error: { code: string } }[]) =>
  Object.fromEntries(refused.map(({ name, error }) => [name, error.code]));

/** The smallest image there is. */
function tinyImage(sopInstanceUID: string): Uint8Array<ArrayBuffer> {
  const element = (group: number, number: number, vr: string, value: Uint8Array) => {
    const out = new Uint8Array(8 + value.length);
    new DataView(out.buffer).setUint32(0, group + number * 0x10000, true);
    out.set(new TextEncoder().encode(vr), 4);
    new DataView(out.buffer).setUint16(6, value.length, true);
    out.set(value, 8);
    return [...out];
  };
  const uid = (value: string) => new TextEncoder().encode(value.length % 2 === 0 ? value : `${value}\0`);
  const one = Uint8Array.of(1, 0);
  const eight = Uint8Array.of(8, 0);
  const dataset = Uint8Array.from([
    ...element(0x0008, 0x0016, 'UI', uid('1.2.840.10008.5.1.4.1.1.7')),
    ...element(0x0008, 0x0018, 'UI', uid(sopInstanceUID)),
    ...element(0x0020, 0x000d, 'UI', uid('1.2.3')),
    ...element(0x0020, 0x000e, 'UI', uid('1.2.3.1')),
    ...element(0x0028, 0x0002, 'US', one),
    ...element(0x0028, 0x0010, 'US', one),
    ...element(0x0028, 0x0011, 'US', one),
    ...element(0x0028, 0x0100, 'US', eight),
    ...element(0x0028, 0x0101, 'US', eight),
    ...element(0x0028, 0x0103, 'US', Uint8Array.of(0, 0)),
    ...[0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 2, 0, 0, 0, 7, 0],
  ]);
  const sopClassUID = '1.2.840.10008.5.1.4.1.1.7';
  return withFileMeta(dataset, { sopClassUID, sopInstanceUID, transferSyntaxUID: EXPLICIT_LE })
    .bytes as Uint8Array<ArrayBuffer>;
}
const text8 = new TextEncoder().encode('no image');

describe('readDropped', () => {
  it('loads what is good, and names what is not with the reason', async () => {
    const { instances, refused } = await readDropped([
      file('a.dcm', tinyImage('1.2.3.4')),
      file('notes.dcm', text8 as Uint8Array<ArrayBuffer>),
      file('half.dcm', tinyImage('1.2.3.5').slice(0, -1)),
      file('.DS_Store', text8 as Uint8Array<ArrayBuffer>),
    ]);
    expect(instances.map(({ name }) => name)).toEqual(['a.dcm']);
    expect(codes(refused)).toEqual({ 'notes.dcm': 'not-dicom', 'half.dcm': 'truncated' });
  });

  it('opens a zip and a zip within, but no third, and no path that leaves its folder', async () => {
    const third = zip({ 'x.dcm': tinyImage('1.9') });
    const inner = zip({ 'b.dcm': tinyImage('1.2.3.5'), 'third.zip': third });
    const outer = zip({
      'a/a.dcm': tinyImage('1.2.3.4'),
      'inner.zip': inner,
      '../up.dcm': tinyImage('1.8'),
      '__MACOSX/a/._a.dcm': text8,
    });
    const { instances, refused } = await readDropped([file('study.zip', outer)]);
    expect(instances.map(({ name }) => name)).toEqual(['study.zip/a/a.dcm', 'study.zip/inner.zip/b.dcm']);
    expect(codes(refused)).toEqual({
      'study.zip/../up.dcm': 'zip-path',
      'study.zip/inner.zip/third.zip': 'nested-zip',
    });
  });

  it('refuses a zip that would unpack to far more than it weighs, before it unpacks anything', async () => {
    const bomb = zip({ 'zeros.dcm': new Uint8Array(70 * 2 ** 20) });
    const { instances, refused } = await readDropped([file('bomb.zip', bomb), file('a.dcm', tinyImage('1.2.3.4'))]);
    expect(codes(refused)).toEqual({ 'bomb.zip': 'hostile-zip' });
    expect(instances).toHaveLength(1);
  });

  it('refuses an entry beyond the size limit, a damaged entry, and a zip that is none', async () => {
    const packed = zip({ 'a.dcm': tinyImage('1.2.3.4'), 'large.dcm': new Uint8Array(4096) });
    const { instances, refused } = await readDropped([file('s.zip', packed)], {}, { ...ZIP_LIMITS, entryBytes: 2048 });
    expect(instances).toHaveLength(1);
    expect(codes(refused)).toEqual({ 's.zip/large.dcm': 'too-large' });
    const broken = packed.slice();
    broken.fill(0xff, 40, 80);
    expect(codes((await readDropped([file('s.zip', broken)])).refused)).toMatchObject({
      's.zip/a.dcm': 'damaged-zip-entry',
    });
    const headless = packed.slice(0, packed.length - 40);
    expect(codes((await readDropped([file('s.zip', headless)])).refused)).toEqual({ 's.zip': 'damaged-zip' });
  });

  it('takes the same object once, and refuses another one under its UID', async () => {
    const { instances, refused } = await readDropped([
      file('a.dcm', tinyImage('1.2.3.4')),
      file('copy.dcm', tinyImage('1.2.3.4')),
      file(
        'other.dcm',
        Uint8Array.from([...tinyImage('1.2.3.4'), 0xfc, 0xff, 0xfc, 0xff, 0x4f, 0x42, 0, 0, 0, 0, 0, 0]),
      ),
    ]);
    expect(instances).toHaveLength(1);
    expect(codes(refused)).toEqual({ 'other.dcm': 'duplicate-instance' });
  });

  it('stops when told to', async () => {
    const stopped = new AbortController();
    const files = ['1.1', '1.2', '1.3'].map((uid) => file(uid, tinyImage(uid)));
    const reading = readDropped(files, {
      signal: stopped.signal,
      onProgress: () => stopped.abort(new Error('enough')),
    });
    await expect(reading).rejects.toThrow('enough');
  });

  it.skipIf(!present)('refuses reports, plans and structure sets by what they are (shared/data/formats)', async () => {
    const names = ['pydicom/test-SR.dcm', 'pydicom/rtplan.dcm', 'pydicom/rtstruct.dcm', 'highdicom/sm_annotations.dcm'];
    const { refused } = await readDropped([...names, 'pydicom/badVR.dcm'].map((name) => file(name, bytesOf(name))));
    expect(refused.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('structured report'),
      expect.stringContaining('RT plan'),
      expect.stringContaining('RT structure set'),
      expect.stringContaining('microscopy annotations'),
      expect.stringContaining('impossible image'),
    ]);
  });

  it.skipIf(!present)('hands over an inflated file that says so (shared/data/formats)', async () => {
    const { instances } = await readDropped([file('deflated.dcm', bytesOf('pydicom/image_dfl.dcm'))]);
    expect(instances[0]?.transferSyntaxUID).toBe(EXPLICIT_LE);
    expect(text(instances[0]!.dataset, Tag.SOPInstanceUID)).toBeDefined();
    expect(numbers(instances[0]!.dataset, Tag.Rows)).toEqual([512]);
  });
});
