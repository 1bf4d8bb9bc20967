import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { sendError } from './respond.ts';

/** What a PACS needs to know of a request; cookies, origin, address and browser of the reader stay here. */
const FORWARDED = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'authorization',
  'content-type',
  'content-length',
  'content-encoding',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'range',
]);
/**
 * What the page needs to know of an answer. Not `WWW-Authenticate`, which would make the browser ask for a password of its own;
 * not `Location`, which names addresses that only we can reach.
 */
const RETURNED = new Set([
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'retry-after',
  'warning',
]);

/** Silence after which the PACS is taken for dead. */
const IDLE_MS = 120_000;

export interface PacsCredentials {
  readonly user: string;
  readonly password: string;
}

export interface ProxyOptions {
  readonly credentials?: PacsCredentials | undefined;
  readonly idleMs?: number | undefined;
}

/**
 * Streams a request to the PACS and its answer back, bodies untouched: one origin for the browser, so that no CORS and no
 * credential reaches the page.
 * @param rest path below the DICOMweb root, with its query
 */
export function proxyRequest(
  request: IncomingMessage,
  response: ServerResponse,
  pacs: URL,
  rest: string,
  { credentials, idleMs = IDLE_MS }: ProxyOptions = {},
): Promise<void> {
  const headers = { ...kept(request.headers, FORWARDED) };
  // So that addresses in the answer point at us: Orthanc and dcm4chee read it.
  headers.forwarded = `host="${request.headers.host ?? ''}";proto=http`;
  if (credentials !== undefined) {
    headers.authorization = `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
  }
  const send = pacs.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const upstream = send(
      {
        protocol: pacs.protocol,
        hostname: pacs.hostname,
        port: pacs.port,
        path: pacs.pathname.replace(/\/$/, '') + rest,
        method: request.method,
        headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, kept(answer.headers, RETURNED));
        answer.pipe(response);
        answer.on('error', () => response.destroy());
        response.on('close', resolve);
      },
    );
    let silent = false;
    upstream.setTimeout(idleMs, () => {
      silent = true;
      upstream.destroy(new Error('no answer in time'));
    });
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      // The system's code, not its sentence: that one names addresses inside the hospital.
      if (silent) sendError(response, 504, 'The PACS did not answer in time.');
      else sendError(response, 502, `The PACS cannot be reached (${error.code ?? 'connection broken'}).`);
      resolve();
    });
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
}

function kept(headers: IncomingMessage['headers'], wanted: ReadonlySet<string>): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined && wanted.has(name)) out[name] = value;
  return out;
}
