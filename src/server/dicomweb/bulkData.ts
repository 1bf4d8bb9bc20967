import type { ServerResponse } from 'node:http';
import { littleEndianBytes, type Part10File } from '../../../extensions/local-files/node.ts';
import type { ArchivedInstance } from '../archive/archive.ts';
import { readObject } from '../archive/readHeader.ts';
import { sendError } from '../respond.ts';
import { sendMultipart } from './multipartAnswer.ts';

/** Sends the value behind a BulkDataURI (PS3.18 10.4.1.1.5). @param path tags and item numbers: '00880200.0.00282000' */
export async function sendBulkData(response: ServerResponse, instance: ArchivedInstance, path: string): Promise<void> {
  const object = await readObject(instance.path, { name: instance.sopInstanceUID, inlineBytes: 0 });
  if (!object.ok) return sendError(response, 500, 'The stored object is damaged.');
  const value = bytesAt(object.value, path);
  if (value === undefined) return sendError(response, 404, 'The instance has no such bulk data.');
  await sendMultipart(response, 'application/octet-stream', [
    { contentType: 'application/octet-stream', length: value.length, body: value },
  ]);
}

function bytesAt({ raw, bytes }: Part10File, path: string): Uint8Array | undefined {
  let dataset: Part10File['raw'] | undefined = raw;
  const steps = path.split('.');
  for (let at = 0; at + 1 < steps.length; at += 2) dataset = dataset?.get(steps[at]!)?.items?.[Number(steps[at + 1])];
  const element = dataset?.get(steps.at(-1)!);
  if (element === undefined || element.items !== undefined) return undefined;
  const { offset, length, vr, littleEndian, fragments } = element;
  if (fragments === undefined) return littleEndianBytes(bytes.subarray(offset, offset + length), vr, littleEndian);
  return Buffer.concat(fragments.slice(1).map((it) => bytes.subarray(it.offset, it.offset + it.length)));
}
