import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseManifest } from './manifest.ts';
import { parseVolumeManifest } from './volumeManifest.ts';

const folder = new URL('../../../models/voxprompt-volume/', import.meta.url);
const text = await readFile(new URL('manifest.json', folder), 'utf8');
const changed = (change: (manifest: Record<string, object>) => void): string => {
  const manifest = JSON.parse(text) as Record<string, object>;
  change(manifest);
  const parsed = parseVolumeManifest(JSON.stringify(manifest), 'models/x/manifest.json');
  return parsed.ok ? 'accepted' : parsed.error.message;
};

describe('parseVolumeManifest', () => {
  it('accepts the manifest of VoxPrompt Volume, whose files are those that it names', async () => {
    const parsed = parseVolumeManifest(text, 'voxprompt-volume/manifest.json');
    if (!parsed.ok) throw new Error(parsed.error.message);
    const { files, golden } = parsed.value;
    for (const file of [files[0].graph, files[0].weights!, golden.description, golden.data]) {
      const bytes = await readFile(new URL(file.path, folder));
      const { createHash } = await import('node:crypto');
      expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([file.bytes, file.sha256]);
    }
  });

  it('is another family than the promptable models, each refusing the other', async () => {
    const sam = await readFile(new URL('../litemedsam/manifest.json', folder), 'utf8');
    expect(parseVolumeManifest(sam, 'x').ok).toBe(false);
    expect(parseManifest(text, 'x').ok).toBe(false);
  });

  it('names what is wrong with the region, the channels and the combination', () => {
    expect(changed(({ region }) => Object.assign(region!, { keySample: 32 }))).toContain('region.keySample');
    expect(changed(({ channels }) => (channels as string[]).reverse())).toContain('channels: must be image, relative');
    expect(changed((m) => Object.assign(m, { combination: { rule: 'vote' } }))).toContain('combination.rule');
    expect(changed((m) => Object.assign(m, { combination: { rule: 'prompted', below: 0.7 } }))).toContain(
      'combination.atMost',
    );
    expect(changed((m) => Object.assign(m, { files: [] }))).toContain('files');
  });
});
