import { parsePart10 } from '../../../extensions/local-files/node.ts';
import type { Archive } from '../archive/archive.ts';
import { makeSlices, type SliceMaking } from './makeSlices.ts';
import { PHANTOM, PHANTOM_SLICES } from './phantomDicom.ts';

/**
 * Puts the demo study into the archive, slice by slice where it is not there yet.
 * @returns how many slices were added; stops where the disk is full
 */
export async function seedDemo(
  archive: Archive,
  making: SliceMaking,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const missing = Array.from({ length: PHANTOM_SLICES }, (_, k) => k).filter(
    (k) => archive.find(PHANTOM.sopInstanceUID(k)) === undefined,
  );
  let added = 0;
  for await (const { k, bytes } of makeSlices(missing, making)) {
    const parsed = parsePart10(bytes, { name: `phantom slice ${k}` });
    if (!parsed.ok) throw new Error(parsed.error.message);
    const verdict = await archive.store(parsed.value, bytes);
    if (verdict.kind === 'disk-full') return added;
    added += 1;
    onProgress(added, missing.length);
  }
  return added;
}
