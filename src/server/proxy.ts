import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { sendError } from './respond.ts';

/** What an upstream needs to know of a request; cookies, origin, address and browser of the reader stay here. */
const FORWARDED = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'authorization',
  'inference-header-content-length',
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
  'inference-header-content-length',
  'last-modified',
  'retry-after',
  'warning',
]);

/** Silence after which an upstream is taken for dead. */
const IDLE_MS = 120_000;

export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
}

/** What stands behind a path of ours. */
export interface Upstream {
  /** As a message calls it: `PACS`. */
  readonly name: string;
  readonly root: URL;
  readonly credentials?: BasicCredentials | { readonly token: string } | undefined;
  /** Silence after which it is given up; two minutes where absent. */
  readonly idleMs?: number | undefined;
}

/**
 * Streams a request to the upstream and its answer back, bodies untouched: one origin for the browser, so that no CORS and no
 * credential reaches the page.
 * @param rest path below the upstream's root, with its query
 */
export function proxyRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { name, root, credentials, idleMs = IDLE_MS }: Upstream,
  rest: string,
): Promise<void> {
  const headers = { ...kept(request.headers, FORWARDED) };
  // So that addresses in the answer point at us: Orthanc and dcm4chee read it.
  headers.forwarded = `host="${request.headers.host ?? ''}";proto=http`;
  if (credentials !== undefined) {
    headers.authorization =
      'token' in credentials
        ? `Bearer ${credentials.token}`
        : `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
  }
  const send = root.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const upstream = send(
      {
        protocol: root.protocol,
        hostname: root.hostname,
        port: root.port,
        path: root.pathname.replace(/\/$/, '') + rest,
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
      if (silent) sendError(response, 504, `The ${name} did not answer in time.`);
      else sendError(response, 502, `The ${name} cannot be reached (${error.code ?? 'connection broken'}).`);
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
