/** A media type with its parameters, lower-case names: `multipart/related; type="application/dicom"; boundary=x`. */
export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Parses a Content-Type, or one member of an Accept header (RFC 9110 8.3). */
export function mediaTypeOf(header: string): MediaType {
  const [type = '', ...rest] = splitOutsideQuotes(header, ';');
  const parameters: Record<string, string> = {};
  for (const part of rest) {
    const [name = '', ...value] = part.split('=');
    parameters[name.trim().toLowerCase()] = value
      .join('=')
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replace(/\\(.)/g, '$1');
  }
  return { type: type.trim().toLowerCase(), parameters };
}

/** Members of an Accept header; none given means anything. */
export const acceptedTypes = (accept: string | undefined): readonly MediaType[] =>
  splitOutsideQuotes(accept?.trim() || '*/*', ',').map(mediaTypeOf);

function splitOutsideQuotes(header: string, separator: string): string[] {
  const parts: string[] = [];
  let [start, quoted] = [0, false];
  for (let at = 0; at < header.length; at += 1) {
    if (header[at] === '"' && header[at - 1] !== '\\') quoted = !quoted;
    if (header[at] === separator && !quoted) {
      parts.push(header.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, header.slice(start)];
}
