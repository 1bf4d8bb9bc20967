import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { encodeRuns } from '#core/labelmap/runLengths.ts';
import { python } from './programs.ts';

export interface Verdict {
  readonly file: string;
  readonly differing: number;
  readonly problems: readonly string[];
}

export interface JudgedCase {
  readonly file: string;
  readonly series: ImageSeries;
  readonly labelmap: Labelmap;
}

/** Has one Python process compare many files with what they were made of. */
export function judgeWithPydicom(cases: readonly JudgedCase[], folder: string): readonly Verdict[] {
  const manifest = join(folder, 'manifest.jsonl');
  writeFileSync(manifest, cases.map((one) => JSON.stringify(described(one))).join('\n'));
  return python(fileURLToPath(new URL('judge.py', import.meta.url)), [manifest])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
}

const described = ({ file, series, labelmap }: JudgedCase) => ({
  file,
  columns: labelmap.size.columns,
  rows: labelmap.size.rows,
  slices: series.frames.map(({ sopInstanceUID, frameNumber }, k) => ({
    position: series.stack.planes[k]!.position,
    sop: sopInstanceUID,
    frame: frameNumber ?? null,
  })),
  segments: labelmap.segments
    .filter(({ number }) => (labelmap.voxels.get(number)?.size ?? 0) > 0)
    .map(({ number, trackingUid }) => ({
      tracking: trackingUid,
      runs: Object.fromEntries([...labelmap.voxels.get(number)!].map(([k, mask]) => [k, [...encodeRuns(mask)]])),
    })),
});
