import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { sendError } from './respond.ts';

/** Headers that belong to one connection (RFC 9110 7.6.1), or to the browser's relation with us. */
const NOT_FORWARDED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'cookie',
  'origin',
  'referer',
  'host',
]);
const NOT_RETURNED = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-embedder-policy',
  'cross-origin-resource-policy',
]);

/** Silence after which the PACS is taken for dead. */
const IDLE_MS = 120_000;

export interface PacsCredentials {
  readonly user: string;
  readonly password: string;
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
  credentials?: PacsCredentials,
): Promise<void> {
  const headers = { ...kept(request.headers, NOT_FORWARDED) };
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
        response.writeHead(answer.statusCode ?? 502, kept(answer.headers, NOT_RETURNED));
        answer.pipe(response);
        answer.on('error', () => response.destroy());
        response.on('close', resolve);
      },
    );
    upstream.setTimeout(IDLE_MS, () => upstream.destroy(new Error('no answer in time')));
    upstream.on('error', (error) => {
      sendError(response, 502, `The PACS cannot be reached (${error.message}).`);
      resolve();
    });
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
}

function kept(headers: IncomingMessage['headers'], dropped: ReadonlySet<string>): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined && !dropped.has(name)) out[name] = value;
  return out;
}
