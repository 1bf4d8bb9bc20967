import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptedTypes, mediaTypeOf } from './mediaType.ts';
import { multipartEnd, newBoundary, parseMultipart, partHead } from './multipart.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('multipart', () => {
  it('gives back every part byte for byte, whatever the bytes', () => {
    const content = fc.array(fc.oneof(fc.constantFrom(0x0d, 0x0a, 0x2d), fc.nat(255)), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(content, { maxLength: 4 }), (bodies) => {
        const boundary = newBoundary();
        const type = { 'Content-Type': 'application/dicom' };
        const message = joined([
          ...bodies.flatMap((body) => [partHead(boundary, type), Uint8Array.from(body)]),
          multipartEnd(boundary),
        ]);
        const parsed = parseMultipart(message, `multipart/related; type="application/dicom"; boundary=${boundary}`);
        expect(parsed.ok && parsed.value.map(({ body }) => [...body])).toEqual(bodies);
        expect(parsed.ok && parsed.value.every(({ headers }) => headers['content-type'] === 'application/dicom')).toBe(
          true,
        );
      }),
    );
  });

  it('takes a quoted boundary, a preamble, padding after the delimiter, and a part without headers', () => {
    const body = bytes(
      'preamble\r\n--a b  \r\nContent-Type: x/y\r\nContent-Length: 3\r\n\r\none\r\n--a b\r\n\r\n\r\ntwo\r\n--a b--epilogue',
    );
    const parsed = parseMultipart(body, 'multipart/related; boundary="a b"');
    expect(parsed.ok && parsed.value.map((part) => new TextDecoder().decode(part.body))).toEqual(['one', '\r\ntwo']);
    expect(parsed.ok && parsed.value[0]?.headers).toEqual({ 'content-type': 'x/y', 'content-length': '3' });
  });

  it('says when the end is missing, or the message is no multipart', () => {
    expect(parseMultipart(bytes('--b\r\n\r\nhalf'), 'multipart/related; boundary=b')).toMatchObject({
      error: { code: 'truncated-multipart' },
    });
    expect(parseMultipart(bytes('<html>'), 'text/html')).toMatchObject({ error: { code: 'not-multipart' } });
    expect(parseMultipart(bytes('--b--'), 'multipart/related; boundary=b')).toEqual({ ok: true, value: [] });
  });
});

describe('media types', () => {
  it('keeps separators inside quotes', () => {
    expect(mediaTypeOf('Multipart/Related; Type="application/dicom;x"; transfer-syntax=*').parameters).toEqual({
      type: 'application/dicom;x',
      'transfer-syntax': '*',
    });
    expect(acceptedTypes('multipart/related; type="a,b", application/json').map(({ type }) => type)).toEqual([
      'multipart/related',
      'application/json',
    ]);
    expect(acceptedTypes(undefined)[0]?.type).toBe('*/*');
  });
});
