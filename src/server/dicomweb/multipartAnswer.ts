import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { multipartEnd, newBoundary, partHead } from '../../../extensions/dicomweb/node.ts';

/** What one part carries: bytes at hand, or a file that is streamed. */
export interface AnswerPart {
  readonly contentType: string;
  readonly location?: string;
  readonly length: number;
  readonly body: Uint8Array | { readonly path: string };
}

/** Sends multipart/related (PS3.18 8.6.1.2); `type` is the media type of the parts. Parts are produced one at a time. */
export async function sendMultipart(
  response: ServerResponse,
  type: string,
  parts: AsyncIterable<AnswerPart> | Iterable<AnswerPart>,
): Promise<void> {
  const boundary = newBoundary();
  response.writeHead(200, { 'Content-Type': `multipart/related; type="${type}"; boundary=${boundary}` });
  for await (const { contentType, location, length, body } of parts) {
    const headers = {
      'Content-Type': contentType,
      'Content-Length': String(length),
      ...(location === undefined ? {} : { 'Content-Location': location }),
    };
    await written(response, partHead(boundary, headers));
    if (body instanceof Uint8Array) await written(response, body);
    else for await (const chunk of createReadStream(body.path)) await written(response, chunk as Buffer);
  }
  response.end(multipartEnd(boundary));
}

async function written(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  if (response.destroyed) throw new Error('the client left');
  if (!response.write(bytes)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
}
