import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import { has, python } from './support/programs.ts';
import { pixelsOf, sourcesIn } from './support/readPixels.ts';
import { readSeries } from './support/readSeries.ts';
import { hasRealCases, realCase } from './support/realCases.ts';

const seed = Number(process.env.VOXPROMPT_SEED ?? 20261123);
const folder = mkdtempSync(join(tmpdir(), 'voxprompt-suv-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Written {
  readonly name: string;
  readonly kind: string;
  /** By slice and voxel; null where no SUV can be told. */
  readonly suv: readonly (readonly number[])[] | null;
}

describe('SUV of files', () => {
  it.skipIf(!has.pydicom)('is what pydicom and numpy compute from the same files, or is refused', async () => {
    const script = fileURLToPath(new URL('support/suvSeries.py', import.meta.url));
    const lines = python(script, [folder, String(seed)])
      .trim()
      .split('\n');
    let [compared, furthest, refused] = [0, 0, 0];
    for (const { name, kind, suv } of lines.map((line) => JSON.parse(line) as Written)) {
      const series = readSeries(join(folder, name));
      const { factor, units, isSuv, noSuv } = valueScaleOf(series);
      expect({ kind, isSuv, units, noSuv }).toMatchObject(
        suv === null ? { isSuv: false, units: 'Bq/ml', noSuv: expect.any(String) } : { isSuv: true, units: 'SUVbw' },
      );
      refused += suv === null ? 1 : 0;
      const pixels = pixelsOf(series, sourcesIn(join(folder, name)));
      for (const [k, slice] of (suv ?? []).entries()) {
        const image = await pixels(k);
        if (!image.ok) throw new Error(image.error.message);
        slice.forEach((value, index) => {
          const apart = Math.abs(image.value.values[index]! * factor - value) / Math.max(1e-3, value);
          furthest = Math.max(furthest, apart);
          compared += 1;
        });
      }
    }
    // Clocks in the files have hundredths of seconds, frame times milliseconds, values float32.
    expect(furthest).toBeLessThan(1e-5);
    expect({ compared, refused }).toEqual({ compared: 24 * 75, refused: 6 });
    console.log(
      `pydicom and numpy: ${compared} voxels of ${lines.length - refused} series agree to ${furthest.toExponential(1)}, ${refused} series refused`,
    );
  });

  it.skipIf(!hasRealCases)('is the value itself in the benchmark PET, whose unit is GML', () => {
    expect(valueScaleOf(realCase('STS_019/PET').series)).toEqual({ factor: 1, units: 'SUVbw', isSuv: true });
  });
});
