import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './viewer/startHarness.ts';
import { readFiles, type SeriesOnDisk } from './viewer/studyServer.ts';

const corpus = fileURLToPath(new URL('../../../shared/data/formats', import.meta.url));

interface Entry {
  readonly path: string;
  readonly must: string;
  readonly part10: boolean;
  readonly photometric?: string;
  readonly decoded?: {
    readonly form: string;
    readonly exact: boolean;
    readonly sha256: string;
    readonly probes: readonly (readonly [frame: number, row: number, column: number, value: number])[];
    readonly tolerance: { readonly maxAbs: number };
  };
}

const FORMS = ['int16le', 'uint16le', 'uint8'];
const entries = existsSync(corpus)
  ? (JSON.parse(readFileSync(join(corpus, 'index.json'), 'utf8')) as { readonly files: readonly Entry[] }).files.filter(
      ({ must, part10, photometric, decoded }) =>
        must === 'decode' &&
        part10 &&
        photometric?.startsWith('MONOCHROME') === true &&
        FORMS.includes(decoded?.form ?? ''),
    )
  : [];

/** Images that say nothing of where they lie, or that have no UIDs: core refuses them before a pixel is read. */
const REFUSED = new Set(['no-image-plane', 'no-uid']);

/**
 * JPEG of 12 bits (processes 2, 4, 6, 8, 10, 12): the decoder in @cornerstonejs/dicom-image-loader 5.14 computes in 8 bits and
 * scales up (codecs/jpeg.js, quantizeAndInverse), so that the last 4 bits are lost. Known, not accepted: here so that a better
 * decoder shows.
 */
const LOSES_FOUR_BITS = /fragmented_no_bot_jpeg_baseline\.51|1\.2\.4\.(51|53|55)\.dcm$/;

describe.skipIf(entries.length === 0)('the robustness corpus in the viewer', () => {
  let harness: Harness;
  let page: Page;
  const studies = new Map<string, SeriesOnDisk>();
  const unreadable: string[] = [];

  beforeAll(async () => {
    for (const [index, { path }] of entries.entries()) {
      try {
        studies.set(String(index), readFiles([join(corpus, path)]));
      } catch {
        unreadable.push(path);
      }
    }
    harness = await startHarness(studies);
    page = (await harness.newPage()).page;
  });
  afterAll(() => harness?.stop());

  it('decodes every monochrome image that lies in a patient to the values of the reference decoders', async () => {
    const results: Record<string, string> = {};
    for (const [index, { path, decoded }] of entries.entries()) {
      if (decoded === undefined || !studies.has(String(index))) continue;
      const opened = await page.evaluate((name) => window.viewerHarness.open(name, 'part10'), String(index));
      if (!opened.ok) {
        results[path] = 'error' in opened ? `${opened.error.code} ${opened.error.cause ?? ''}`.trim() : '';
        continue;
      }
      await page.evaluate(() => window.viewerHarness.loaded());
      if (decoded.exact) {
        const hash = await page.evaluate((f) => window.viewerHarness.storedHash(f), decoded.form as 'uint8');
        results[path] = hash === decoded.sha256 ? 'exact' : `differs ${hash}`;
        continue;
      }
      let worst = 0;
      for (const [frame, row, column, value] of decoded.probes) {
        const seen = await page.evaluate((p) => window.viewerHarness.probe(...p), [
          frame + 1,
          row,
          column,
          value,
        ] as const);
        worst = Math.max(worst, Math.abs(seen.stored - seen.expected));
      }
      results[path] = worst <= decoded.tolerance.maxAbs + 1e-3 ? 'within tolerance' : `off by ${worst}`;
    }
    const wrong = Object.entries(results).filter(
      ([path, result]) =>
        result !== 'exact' && result !== 'within tolerance' && !REFUSED.has(result) && !LOSES_FOUR_BITS.test(path),
    );
    expect(wrong).toEqual([]);
    expect(Object.values(results).filter((result) => result === 'exact').length).toBeGreaterThanOrEqual(35);
    expect(unreadable).toEqual(['pydicom/J2K_pixelrep_mismatch.dcm']);
    const off = Object.entries(results).flatMap(([path, result]) =>
      LOSES_FOUR_BITS.test(path) ? [parseFloat(result.slice(7))] : [],
    );
    expect(off).toHaveLength(4);
    for (const difference of off) expect(difference).toBeLessThan(20.1);
  });
});
