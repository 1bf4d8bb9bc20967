import { parsePart10 } from '../../../extensions/local-files/node.ts';
import type { Archive } from '../archive/archive.ts';
import { PHANTOM, PHANTOM_SLICES, phantomInstance } from './phantomDicom.ts';

/**
 * Puts the demo study into the archive, slice by slice where it is not there yet.
 * @returns how many slices were made; stops where the disk is full
 */
export async function seedDemo(archive: Archive, onProgress: (done: number, total: number) => void): Promise<number> {
  const missing = Array.from({ length: PHANTOM_SLICES }, (_, k) => k).filter(
    (k) => archive.find(PHANTOM.sopInstanceUID(k)) === undefined,
  );
  let made = 0;
  for (const k of missing) {
    const bytes = phantomInstance(k);
    const parsed = parsePart10(bytes, { name: `phantom slice ${k}` });
    if (!parsed.ok) throw new Error(parsed.error.message);
    const verdict = await archive.store(parsed.value, bytes);
    if (verdict.kind === 'disk-full') return made;
    made += 1;
    onProgress(made, missing.length);
  }
  return made;
}
