import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DicomDataset, number, numbers } from '#core/dicom/dataset.ts';
import { readSeries, type SeriesOnDisk } from './studyServer.ts';

const data = fileURLToPath(new URL('../../../../shared/data', import.meta.url));

const FOLDERS = {
  ct: join(data, 'sts/STS_019/CT/image'),
  pet: join(data, 'sts/STS_019/PET/image'),
  mr: join(data, 'demo/STS_001/MR_T2/image'),
  tilted: join(data, 'formats/dcm_qa_ct/GE'),
} as const;
export type RealSeries = keyof typeof FOLDERS;
const NAMES = Object.keys(FOLDERS) as RealSeries[];

/** Whether a series is on this machine. */
export const present = (name: RealSeries): boolean => existsSync(FOLDERS[name]);

const read = new Map<RealSeries, SeriesOnDisk>();

/** Series of real patients; CT and PET are of one. */
export function onDisk(name: RealSeries): SeriesOnDisk {
  const series = read.get(name) ?? readSeries(FOLDERS[name]);
  read.set(name, series);
  return series;
}

/** All that are here, and the CT as a negative. */
export function allOnDisk(): ReadonlyMap<string, SeriesOnDisk> {
  const all = new Map<string, SeriesOnDisk>(NAMES.filter(present).map((name) => [name, onDisk(name)]));
  const ct = all.get('ct');
  if (ct !== undefined) all.set('negative', { ...ct, headers: ct.headers.map(asMonochrome1) });
  return all;
}

const asMonochrome1 = (header: DicomDataset): DicomDataset => ({
  ...header,
  '00280004': { vr: 'CS', Value: ['MONOCHROME1'] },
});

/** Position along the normal, computed here and not by the code under test. */
export function along(header: DicomDataset): number {
  const [a, b, c, d, e, f] = numbers(header, '00200037') as number[];
  const normal = [b! * f! - c! * e!, c! * d! - a! * f!, a! * e! - b! * d!];
  return (numbers(header, '00200032') as number[]).reduce((sum, value, axis) => sum + value * normal[axis]!, 0);
}

/** SHA-256 of float32(slope * stored + intercept), slices ascending along the normal. */
export function expectedHashes({ headers, pixels }: SeriesOnDisk): string[] {
  return headers
    .map((header, index) => ({ header, bytes: pixels[index]! }))
    .sort((a, b) => along(a.header) - along(b.header))
    .map(({ header, bytes }) => {
      const count = number(header, '00280010')! * number(header, '00280011')!;
      const stored =
        number(header, '00280103') === 1 ? new Int16Array(bytes, 0, count) : new Uint16Array(bytes, 0, count);
      const slope = number(header, '00281053') ?? 1;
      const intercept = number(header, '00281052') ?? 0;
      const values = Float32Array.from(stored, (value) => value * slope + intercept);
      return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
    });
}
