import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ShownVoxels } from './reader.ts';

type Dataset = Readonly<Record<string, { readonly Value?: readonly unknown[] }>>;

async function query(url: string): Promise<readonly Dataset[]> {
  const response = await fetch(url, { headers: { Accept: 'application/dicom+json' } });
  if (response.status === 204) return [];
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as readonly Dataset[];
}

const uid = (dataset: Dataset, tag: string): string => String(dataset[tag]?.Value?.[0]);

/** Every segmentation that the archive has of a study, as Part-10 bytes, fetched without our own client. */
export async function storedSegmentations(dicomWeb: string, studyUid: string): Promise<readonly Buffer[]> {
  const found: Buffer[] = [];
  for (const series of await query(`${dicomWeb}/studies/${studyUid}/series?Modality=SEG`)) {
    const seriesUrl = `${dicomWeb}/studies/${studyUid}/series/${uid(series, '0020000E')}`;
    for (const instance of await query(`${seriesUrl}/instances`)) {
      const response = await fetch(`${seriesUrl}/instances/${uid(instance, '00080018')}`, {
        headers: { Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
      });
      if (!response.ok) throw new Error(`The archive does not give the segmentation back: ${response.status}`);
      const boundary = /boundary="?([^";]+)"?/.exec(response.headers.get('content-type') ?? '')?.[1];
      const body = Buffer.from(await response.arrayBuffer());
      found.push(body.subarray(body.indexOf('DICM') - 128, body.lastIndexOf(`\r\n--${boundary}`)));
    }
  }
  return found;
}

export interface Comparison {
  readonly segments: readonly string[];
  readonly algorithms: readonly string[];
  readonly frames: number;
  readonly voxels: number;
  readonly differing: number;
  readonly problems: readonly string[];
}

/** What pydicom makes of a stored segmentation, against what the viewer showed. */
export async function comparedByPydicom(
  segmentation: string,
  shown: readonly ShownVoxels[],
  sources: string,
): Promise<Comparison> {
  const file = join(segmentation, '..', 'shown.json');
  await writeFile(file, JSON.stringify(shown));
  const script = fileURLToPath(new URL('compare_shown.py', import.meta.url));
  const args = ['-W', 'error', script, segmentation, file, sources];
  return JSON.parse(execFileSync('/usr/bin/python3', args, { encoding: 'utf8' })) as Comparison;
}
