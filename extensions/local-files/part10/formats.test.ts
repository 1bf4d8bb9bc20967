import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { number, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { parsePart10 } from './parsePart10.ts';
import { pixelLayout } from './pixelLayout.ts';
import { storedPixels } from './storedPixels.ts';

const corpus = new URL('../../../../shared/data/formats/', import.meta.url);
const present = existsSync(fileURLToPath(corpus));

interface Entry {
  readonly path: string;
  readonly kind: string;
  readonly part10?: boolean;
  readonly must: string;
  readonly acceptable?: readonly string[];
  readonly transferSyntaxUID?: string;
  readonly sopClassUID?: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly frames?: number;
  readonly hasPixelData?: boolean;
  readonly decoded?: { readonly form: string; readonly sha256: string; readonly exact: boolean };
}
const entries: readonly Entry[] = present
  ? (JSON.parse(readFileSync(new URL('index.json', corpus), 'utf8')) as { files: readonly Entry[] }).files
  : [];
/** Syntaxes that are read without a codec. */
const UNCOMPRESSED = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.5',
];

const load = (path: string) => parsePart10(readFileSync(new URL(path, corpus)), { name: path });

describe.skipIf(!present)('the format corpus (shared/data/formats)', () => {
  const dicom = entries.filter(({ kind }) => kind === 'dicom');
  const refusable = dicom.filter(
    ({ must, acceptable }) => must.startsWith('reject') || acceptable?.some((it) => it.startsWith('reject')),
  );
  const readable = dicom.filter((entry) => !refusable.includes(entry));

  it.each(readable.map((entry) => [entry.path, entry] as const))('reads the header of %s', (path, entry) => {
    const parsed = load(path);
    if (!parsed.ok) throw new Error(`${parsed.error.code}: ${parsed.error.message} ${parsed.error.cause}`);
    const { dataset } = parsed.value;
    if (entry.sopClassUID) expect(text(dataset, Tag.SOPClassUID)).toBe(entry.sopClassUID);
    if (entry.rows) expect(number(dataset, Tag.Rows)).toBe(entry.rows);
    if (entry.columns) expect(number(dataset, Tag.Columns)).toBe(entry.columns);
    expect(pixelLayout(parsed.value).ok).toBe(entry.hasPixelData);
  });

  it.each(refusable.map((entry) => [entry.path, entry] as const))(
    'refuses %s by name, or reads it right',
    (path, entry) => {
      const parsed = load(path);
      const pixels = parsed.ok ? storedPixels(parsed.value, 0) : parsed;
      if (pixels.ok) expect(entry.acceptable).toBeDefined();
      else expect(pixels.error.message).toContain(path);
    },
  );

  const exact = dicom.filter(
    ({ decoded, transferSyntaxUID }) => decoded?.exact && transferSyntaxUID && UNCOMPRESSED.includes(transferSyntaxUID),
  );
  it.each(exact.map((entry) => [entry.path, entry] as const))('decodes the pixels of %s', (path, entry) => {
    const parsed = load(path);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const hash = createHash('sha256');
    for (let frame = 0; frame < (entry.frames ?? 1); frame += 1) {
      const pixels = storedPixels(parsed.value, frame);
      if (!pixels.ok) throw new Error(`${pixels.error.code}: ${pixels.error.message}`);
      const { buffer, byteOffset, byteLength } = pixels.value.values;
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
    expect(hash.digest('hex')).toBe(entry.decoded?.sha256);
  });
});
