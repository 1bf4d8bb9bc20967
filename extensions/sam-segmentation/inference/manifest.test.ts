import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseManifest } from './manifest.ts';
import { manifestJsonSchema } from './manifestJsonSchema.ts';

const models = new URL('../../../models/', import.meta.url);
const litemedsam = await readFile(new URL('litemedsam/manifest.json', models), 'utf8');

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The LiteMedSAM manifest with one field replaced (or removed), and what the parser says about it. */
function messageWith(path: readonly (string | number)[], value: Json | undefined): string {
  const manifest = JSON.parse(litemedsam) as Json;
  let holder = manifest as Record<string | number, Json>;
  for (const part of path.slice(0, -1)) holder = holder[part] as Record<string | number, Json>;
  const last = path.at(-1)!;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  const parsed = parseManifest(JSON.stringify(manifest), 'models/x/manifest.json');
  if (parsed.ok) return 'accepted';
  expect(parsed.error.code).toBe('model-manifest-malformed');
  expect(parsed.error.context).toEqual({ file: 'models/x/manifest.json' });
  return parsed.error.message;
}

describe('parseManifest', () => {
  it('accepts the manifest of LiteMedSAM', () => {
    const parsed = parseManifest(litemedsam, 'litemedsam/manifest.json');
    expect(parsed.ok && [parsed.value.family, parsed.value.input.size]).toEqual(['sam', 256]);
  });

  it('names the field that is wrong', () => {
    expect(messageWith(['files', 0, 'graph', 'sha256'], 'abc')).toContain('files[0].graph.sha256: must be 64');
    expect(messageWith(['files', 1, 'weights', 'dtype'], 'int8')).toContain('files[1].weights.dtype');
    expect(messageWith(['input', 'size'], undefined)).toContain('input.size');
    expect(messageWith(['input', 'size'], 25.5)).toContain('input.size');
    expect(messageWith(['intensity', 'CT', 'kind'], 'gamma')).toContain('intensity.CT.kind');
    expect(messageWith(['intensity', 'CT', 'high'], -200)).toContain('intensity.CT.high: must be greater than low');
    expect(messageWith(['tensors', 'imgae'], 'image')).toContain('tensors.imgae');
    expect(messageWith(['golden', 'tolerance', 'logit'], 0)).toContain('golden.tolerance.logit');
  });

  it('names every wrong field, not only the first', () => {
    const message = messageWith(['region'], { factor: 0.5, side: 2 });
    expect(message).toContain('region.factor');
    expect(message).toContain('region.side');
  });

  it('refuses a family that nobody implements', () => {
    expect(messageWith(['family'], 'sam9')).toContain('family');
  });

  it('refuses a path that leaves the model folder', () => {
    for (const path of ['../secret.bin', '/etc/passwd', 'a/../../b', 'http:x', 'C:\\x', '.env', '//host/x']) {
      expect(messageWith(['files', 0, 'graph', 'path'], path), path).toContain(
        'files[0].graph.path: must be a relative',
      );
    }
  });

  it('wants exactly one encoder and one decoder', () => {
    expect(messageWith(['files', 1, 'role'], 'encoder')).toContain('exactly one encoder, not 2');
    expect(messageWith(['files', 1, 'role'], 'encoder')).toContain('exactly one decoder, not 0');
  });

  it('says when the file is not JSON', () => {
    const parsed = parseManifest('<!doctype html>', 'models/x/manifest.json');
    expect(!parsed.ok && parsed.error.message).toContain('it is not JSON');
  });
});

describe('models/manifest.schema.json', () => {
  it('is what the schema in the code generates', async () => {
    await expect(`${JSON.stringify(manifestJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      fileURLToPath(new URL('manifest.schema.json', models)),
    );
  });
});
