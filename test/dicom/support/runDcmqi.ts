import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { PatientPoint } from '#core/geometry/coordinates.ts';
import type { ForeignGrid } from './foreignGrid.ts';

export interface DcmqiImage {
  readonly size: readonly [number, number, number];
  readonly spacing: readonly [number, number, number];
  readonly origin: readonly [number, number, number];
  /** Row-major: column c is the direction of axis c. */
  readonly direction: readonly number[];
  readonly imageType: { readonly components: number };
  readonly metaInfo: { readonly segmentAttributes: readonly (readonly SegmentAttributes[])[] };
}

interface SegmentAttributes {
  readonly labelID: number;
  readonly TrackingUniqueIdentifier: string;
}

export interface DcmqiAnswer extends Partial<DcmqiImage> {
  readonly file: string;
  readonly error?: string;
}

export type DcmqiJob =
  | { readonly kind: 'read' | 'overlapping'; readonly file: string }
  | {
      readonly kind: 'write';
      readonly file: string;
      readonly labels: string;
      readonly image: object;
      readonly meta: object;
      readonly sources: readonly string[];
    };

export const hasDcmqi = (() => {
  try {
    return createRequire(import.meta.url).resolve('@itk-wasm/dicom') !== '';
  } catch {
    return false;
  }
})();

/** Runs jobs in one child process; its complaints (lines 'W:' and 'E:') come back too. */
export function runDcmqi(jobs: readonly DcmqiJob[], folder: string): { answers: DcmqiAnswer[]; complaints: string[] } {
  const list = `${folder}/dcmqi-jobs.json`;
  writeFileSync(list, JSON.stringify(jobs));
  const script = fileURLToPath(new URL('dcmqi.mjs', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [script, list], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const lines = `${stdout}\n${stderr}`.split('\n');
  const answers = lines.filter((line) => line.startsWith('@')).map((line) => JSON.parse(line.slice(1)) as DcmqiAnswer);
  if (answers.length !== jobs.length)
    throw new Error(`dcmqi answered ${answers.length} of ${jobs.length} jobs: ${stderr.slice(-500)}`);
  return { answers, complaints: lines.filter((line) => /^[WE]:/.test(line)) };
}

/** What dcmqi read of one segment; undefined where it does not know the segment. */
export function gridOf(answer: DcmqiAnswer, trackingUid: string): ForeignGrid | undefined {
  const { size, spacing, origin, direction, imageType, metaInfo } = answer as DcmqiImage;
  const component = metaInfo.segmentAttributes.findIndex((segments) =>
    segments.some(({ TrackingUniqueIdentifier }) => TrackingUniqueIdentifier === trackingUid),
  );
  const label = metaInfo.segmentAttributes[component]?.find(
    (one) => one.TrackingUniqueIdentifier === trackingUid,
  )?.labelID;
  if (label === undefined) return undefined;
  const file = readFileSync(`${answer.file}.labels`);
  const labels = new Int16Array(file.buffer, file.byteOffset, file.length / 2);
  const { components } = imageType;
  return {
    size,
    isSet: (voxel) => labels[voxel * components + (components > 1 ? component : 0)] === label,
    indexOf: (point: PatientPoint) =>
      [0, 1, 2].map((axis) => {
        const along = [0, 1, 2].reduce((sum, c) => sum + (point[c]! - origin[c]!) * direction[c * 3 + axis]!, 0);
        return along / spacing[axis]!;
      }) as [number, number, number],
  };
}
