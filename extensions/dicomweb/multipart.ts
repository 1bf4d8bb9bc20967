import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { mediaTypeOf } from './mediaType.ts';

/** One body part; header names are lower case. */
export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const CR = 0x0d;
const encoder = new TextEncoder();

/**
 * Cuts a multipart/related body (RFC 2046 5.1, PS3.18 8.6.1.2) into its parts; bodies are views, not copies.
 * @returns errors `not-multipart` where there is no boundary, `truncated-multipart` where the closing one is missing
 */
export function parseMultipart(body: Uint8Array, contentType: string): Result<readonly Part[]> {
  const { type, parameters } = mediaTypeOf(contentType);
  const { boundary } = parameters;
  if (!type.startsWith('multipart/') || !boundary) {
    return err(appError('not-multipart', 'The message is not multipart.', { context: { contentType: type } }));
  }
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  const parts: Part[] = [];
  // The first delimiter may open the body, without the line break that belongs to it elsewhere.
  let at = startsWith(body, delimiter.subarray(2), 0) ? delimiter.length - 2 : after(body, delimiter, 0);
  for (;;) {
    if (at < 0) return err(appError('truncated-multipart', 'The message ends before its last part does.'));
    if (body[at] === 0x2d && body[at + 1] === 0x2d) return ok(parts);
    const next = after(body, delimiter, at);
    if (next < 0) return err(appError('truncated-multipart', 'The message ends before its last part does.'));
    parts.push(partOf(body.subarray(at, next - delimiter.length)));
    at = next;
  }
}

/** Position after the next delimiter, or -1. */
function after(body: Uint8Array, delimiter: Uint8Array, from: number): number {
  for (let at = body.indexOf(CR, from); at >= 0; at = body.indexOf(CR, at + 1)) {
    if (startsWith(body, delimiter, at)) return at + delimiter.length;
  }
  return -1;
}

function startsWith(body: Uint8Array, sought: Uint8Array, at: number): boolean {
  for (let index = 0; index < sought.length; index += 1) if (body[at + index] !== sought[index]) return false;
  return true;
}

/** @param bytes from the end of the delimiter's text to the line break before the next one */
function partOf(bytes: Uint8Array): Part {
  // White space may follow the delimiter; then CRLF, header lines, an empty line.
  const lineEnd = after(bytes, encoder.encode('\r\n'), 0);
  const blank = startsWith(bytes, encoder.encode('\r\n'), lineEnd)
    ? lineEnd + 2
    : after(bytes, encoder.encode('\r\n\r\n'), lineEnd);
  const end = blank < 0 ? bytes.length : blank;
  const headers: Record<string, string> = {};
  for (const line of new TextDecoder().decode(bytes.subarray(lineEnd, end)).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: bytes.subarray(end) };
}

/** Text in front of one part. */
export const partHead = (boundary: string, headers: Readonly<Record<string, string>>): Uint8Array =>
  encoder.encode(
    `\r\n--${boundary}\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  );

/** Text after the last part. */
export const multipartEnd = (boundary: string): Uint8Array => encoder.encode(`\r\n--${boundary}--\r\n`);

/** A boundary that 128 random bits keep out of any content (randomUUID would need a secure context). */
export const newBoundary = (): string =>
  `voxprompt-${Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16).padStart(8, '0')).join('')}`;
