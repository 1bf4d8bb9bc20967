import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { applyModalityLut } from '#core/pixels/modalityLut.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import { ok, type Result } from '#core/result.ts';
import { parsePart10, storedPixels } from '../../../extensions/local-files/node.ts';

export type SlicePixels = (k: number) => Promise<Result<SliceImage>>;

export const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.dcm'))
    .map((file) => join(folder, file));

/** Modality values of a series, from its single-frame files. */
export function pixelsOf(series: ImageSeries, sources: readonly string[]): SlicePixels {
  const files = new Map(
    sources.map((path) => {
      const parsed = parsePart10(new Uint8Array(readFileSync(path)), { name: path });
      if (!parsed.ok) throw new Error(parsed.error.message);
      return [String(parsed.value.dataset['00080018']?.Value?.[0]), parsed.value] as const;
    }),
  );
  return async (k) => {
    const { sopInstanceUID, lut } = series.frames[k]!;
    const stored = storedPixels(files.get(sopInstanceUID)!, 0);
    if (!stored.ok) return stored;
    const { rows, columns, values } = stored.value;
    return ok({ rows, columns, values: applyModalityLut(values, lut) });
  };
}
