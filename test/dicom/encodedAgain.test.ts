import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodedPixels, parsePart10, storedPixels } from '../../extensions/local-files/node.ts';
import { readSeries } from '../../src/cli/series/readSeries.ts';
import { encodedAgain } from '../support/encodedImages.ts';
import { corpusBytes, corpusPresent } from '../support/formatCorpus.ts';

describe.skipIf(!corpusPresent)('grey-scale images in HTJ2K and JPEG XL', { timeout: 240_000 }, () => {
  it.each(['pydicom/examples_overlay.dcm', 'pydicom/CT_small.dcm'])('%s keeps its stored values', async (path) => {
    const original = parsePart10(corpusBytes(path), { name: path });
    const expected = original.ok ? storedPixels(original.value, 0) : original;
    if (!expected.ok) throw new Error(expected.error.message);
    const encoded = await encodedAgain(corpusBytes(path));
    expect(encoded.size).toBe(path.includes('CT_small') ? 1 : 2);
    for (const [transferSyntaxUID, bytes] of encoded) {
      const file = parsePart10(bytes, { name: transferSyntaxUID });
      if (!file.ok) throw new Error(file.error.message);
      expect(file.value.transferSyntaxUID).toBe(transferSyntaxUID);
      const pixels = await decodedPixels(file.value, 0);
      expect(pixels.ok && pixels.value.values, transferSyntaxUID).toEqual(expected.value.values);
    }
  });

  it('are read by the command line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voxprompt-htj2k-'));
    const [encoded] = (await encodedAgain(corpusBytes('pydicom/CT_small.dcm'))).values();
    await writeFile(join(folder, 'image'), encoded!);
    const series = await readSeries(folder);
    const [frames] = series.ok ? series.value.decoded.values() : [];
    expect(frames?.map((frame) => frame.ok && frame.value.values.length)).toEqual([128 * 128]);
    await rm(folder, { recursive: true });
  });
});
