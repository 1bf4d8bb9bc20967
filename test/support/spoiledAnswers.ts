import type { ServerResponse } from 'node:http';

interface WholeAnswer {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Holds an answer back until it is complete, and sends what `spoil` makes of it. */
export function withheld(response: ServerResponse, spoil: (answer: WholeAnswer) => void): void {
  const chunks: Buffer[] = [];
  const take = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as Uint8Array));
  };
  const { writeHead, write, end } = response;
  response.writeHead = ((status: number, headers?: Record<string, string>) => {
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
    return response;
  }) as ServerResponse['writeHead'];
  response.write = ((chunk: unknown) => {
    take(chunk);
    return true;
  }) as ServerResponse['write'];
  response.end = ((chunk?: unknown) => {
    take(chunk);
    Object.assign(response, { writeHead, write, end });
    spoil({ contentType: String(response.getHeader('content-type') ?? ''), body: Buffer.concat(chunks) });
    return response;
  }) as ServerResponse['end'];
}

/** Half of the body, then the line goes dead. */
export function cutOff(response: ServerResponse): void {
  withheld(response, ({ body }) => {
    response.setHeader('Content-Length', body.length);
    response.write(body.subarray(0, body.length >> 1));
    setTimeout(() => response.destroy(), 20);
  });
}

/** Half of the body, as if that were all. */
export function truncated(response: ServerResponse): void {
  withheld(response, ({ body }) => {
    response.removeHeader('content-length');
    response.end(body.subarray(0, body.length >> 1));
  });
}

/** The header promises another boundary than the body has. */
export function wrongBoundary(response: ServerResponse): void {
  withheld(response, ({ contentType, body }) => {
    response.setHeader('content-type', contentType.replace(/boundary="?[^";]+"?/, 'boundary=somebody-elses'));
    response.end(body);
  });
}

/** One bit of the last pixel is another: the body is as long as it was, and well formed. */
export function altered(response: ServerResponse): void {
  withheld(response, ({ body }) => {
    const end = body.lastIndexOf('\r\n--', body.length - 4);
    const spoilt = Buffer.from(body);
    if (end > 2) spoilt[end - 2]! ^= 1;
    response.end(spoilt);
  });
}
