import type { ServerResponse } from 'node:http';
import { Tag } from '#core/dicom/tags.ts';
import type { ArchivedInstance } from '../archive/archive.ts';
import { readHeader } from '../archive/readHeader.ts';

/** Binary values up to this size travel in the JSON itself. */
const INLINE_BYTES = 1024;

export const instanceAddress = (url: URL, instance: ArchivedInstance): string =>
  `${url.origin}/dicom-web/studies/${instance.studyInstanceUID}/series/${instance.seriesInstanceUID}/instances/${instance.sopInstanceUID}`;

/** Sends the headers of instances as a DICOM JSON array (PS3.18 10.4.1.1.2), one after the other as they are read. */
export async function sendMetadata(
  response: ServerResponse,
  instances: readonly ArchivedInstance[],
  url: URL,
): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/dicom+json' });
  let separator = '[';
  for (const instance of instances) {
    const address = instanceAddress(url, instance);
    const header = await readHeader(instance.path, {
      name: instance.sopInstanceUID,
      inlineBytes: INLINE_BYTES,
      bulkDataURI: (path) => `${address}/bulkdata/${path}`,
    });
    if (!header.ok) throw new Error(header.error.message);
    const { dataset, pixelData, transferSyntaxUID } = header.value;
    const json = {
      ...dataset,
      '00083002': { vr: 'UI', Value: [transferSyntaxUID] },
      ...(pixelData && {
        [pixelData.tag]: { vr: pixelVr(pixelData.tag), BulkDataURI: `${address}/bulkdata/${pixelData.tag}` },
      }),
    };
    response.write(separator + JSON.stringify(json));
    separator = ',';
  }
  response.end(separator === '[' ? '[]' : ']');
}

const pixelVr = (tag: string): string => (tag === Tag.PixelData ? 'OW' : tag === '7FE00008' ? 'OF' : 'OD');
