import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DicomDataset, text } from '#core/dicom/dataset.ts';
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
  texts: textsOf(series.frames[0]!.dataset),
  segments: labelmap.segments
    .filter(({ number }) => (labelmap.voxels.get(number)?.size ?? 0) > 0)
    .map(({ number, trackingUid, label }) => ({
      tracking: trackingUid,
      label,
      runs: Object.fromEntries([...labelmap.voxels.get(number)!].map(([k, mask]) => [k, [...encodeRuns(mask)]])),
    })),
});

/** What must be repeated letter by letter, under pydicom's keywords. */
const textsOf = (source: DicomDataset): Readonly<Record<string, string>> => {
  const studyId = text(source, '00200010') ?? '';
  const name = source['00100010']?.Value?.[0] as Readonly<Record<string, string>> | undefined;
  const groups = [name?.Alphabetic ?? '', name?.Ideographic ?? '', name?.Phonetic ?? ''];
  return {
    PatientName: groups.join('=').replace(/=+$/, ''),
    PatientID: text(source, '00100020') ?? '',
    StudyDescription: text(source, '00081030') ?? '',
    StudyID: studyId.length > 16 ? '' : studyId,
    AccessionNumber: text(source, '00080050') ?? '',
    FrameOfReferenceUID: text(source, '00200052') ?? '',
    LossyImageCompression: text(source, '00282110') ?? '00',
    LossyImageCompressionRatio: text(source, '00282112') ?? '',
    PatientIdentityRemoved: text(source, '00120062') ?? '',
    LongitudinalTemporalInformationModified: text(source, '00280303') ?? '',
  };
};
