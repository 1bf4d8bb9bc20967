import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GivenFile } from '../../../extensions/sam-segmentation/library/diskFolder.ts';

const root = fileURLToPath(new URL('../../fixtures/sam-families', import.meta.url));

/** A tiny model of a family as a reader would drop it, with a licence; `changes` replace files, undefined leaves them out. */
export function tinyFolder(
  family: string,
  changes: Readonly<Record<string, string | Uint8Array | undefined>> = {},
  folder = family,
): readonly GivenFile[] {
  const names = new Set([...readdirSync(join(root, family)), 'LICENSE', ...Object.keys(changes)]);
  return [...names].flatMap((name) => {
    const content =
      name in changes ? changes[name] : name === 'LICENSE' ? 'You may.' : readFileSync(join(root, family, name));
    if (content === undefined) return [];
    return [{ path: `${folder}/${name}`, blob: new Blob([content as BlobPart]) }];
  });
}

export const tinyFile = (family: string, name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(root, family, name)));

/** The manifest of a tiny model with some of its fields changed. */
export const tinyManifest = (family: string, change: (manifest: Record<string, unknown>) => unknown): string => {
  const manifest = JSON.parse(new TextDecoder().decode(tinyFile(family, 'manifest.json'))) as Record<string, unknown>;
  change(manifest);
  return JSON.stringify(manifest);
};

/** The same on the disk, for a browser's file dialog or a server. @returns the folder */
export async function writeTinyFolder(
  into: string,
  family: string,
  changes: Readonly<Record<string, string | Uint8Array | undefined>> = {},
): Promise<string> {
  const folder = join(into, family);
  await mkdir(folder, { recursive: true });
  for (const { path, blob } of tinyFolder(family, changes)) {
    await writeFile(join(into, path), new Uint8Array(await blob.arrayBuffer()));
  }
  return folder;
}
