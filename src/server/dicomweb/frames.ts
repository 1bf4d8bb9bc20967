import type { ServerResponse } from 'node:http';
import { frameBytes, pixelLayout } from '../../../extensions/local-files/node.ts';
import type { ArchivedInstance } from '../archive/archive.ts';
import { readObject } from '../archive/readHeader.ts';
import { sendError } from '../respond.ts';
import { instanceAddress } from './metadata.ts';
import { sendMultipart } from './multipartAnswer.ts';

/** Native pixels travel as explicit VR little endian whatever the file is (PS3.18 8.7.3.3.2). */
const NATIVE_SYNTAX = '1.2.840.10008.1.2.1';

/** Media type of one compressed frame, by transfer syntax (PS3.18 Table 8.7.3-5). */
const MEDIA_TYPES: readonly (readonly [type: string, syntaxes: readonly string[]])[] = [
  ['image/jpeg', ['50', '51', '53', '55', '57', '70'].map((end) => `1.2.840.10008.1.2.4.${end}`)],
  ['image/jls', ['80', '81'].map((end) => `1.2.840.10008.1.2.4.${end}`)],
  ['image/jp2', ['90', '91'].map((end) => `1.2.840.10008.1.2.4.${end}`)],
  ['image/jphc', ['201', '202', '203'].map((end) => `1.2.840.10008.1.2.4.${end}`)],
  ['image/jxl', ['110', '111', '112'].map((end) => `1.2.840.10008.1.2.4.${end}`)],
  ['image/dicom-rle', ['1.2.840.10008.1.2.5']],
];

const mediaTypeOfFrames = (transferSyntaxUID: string): string =>
  MEDIA_TYPES.find(([, syntaxes]) => syntaxes.includes(transferSyntaxUID))?.[0] ?? 'application/octet-stream';

/** Sends frames (PS3.18 10.4.1.1.6). @param list '1,3,4', 1-based */
export async function sendFrames(
  response: ServerResponse,
  instance: ArchivedInstance,
  list: string,
  url: URL,
): Promise<void> {
  const numbers = list.split(',').map((value) => (/^\d{1,7}$/.test(value) ? Number(value) : 0));
  const object = await readObject(instance.path, { name: instance.sopInstanceUID, inlineBytes: 0 });
  if (!object.ok) return sendError(response, 500, 'The stored object is damaged.');
  const layout = pixelLayout(object.value);
  if (!layout.ok) return sendError(response, 404, 'The instance has no frames.');
  const { frames } = layout.value;
  if (numbers.some((frame) => frame < 1 || frame > frames))
    return sendError(response, 404, `The instance has ${frames} frames.`);
  const { encapsulated } = object.value.syntax;
  const syntax = encapsulated ? object.value.transferSyntaxUID : NATIVE_SYNTAX;
  const type = encapsulated ? mediaTypeOfFrames(syntax) : 'application/octet-stream';
  const parts = [];
  for (const frame of numbers) {
    const body = frameBytes(object.value, frame - 1);
    if (!body.ok) return sendError(response, 500, body.error.message);
    parts.push({
      contentType: `${type}; transfer-syntax=${syntax}`,
      location: `${instanceAddress(url, instance)}/frames/${frame}`,
      length: body.value.length,
      body: body.value,
    });
  }
  await sendMultipart(response, type, parts);
}
