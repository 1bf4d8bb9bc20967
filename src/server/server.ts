import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type AppConfig, type AuthConfig, authOrigins } from '#extension-api';
import type { Archive } from './archive/archive.ts';
import { handleDicomWeb } from './dicomweb/routes.ts';
import { type BasicCredentials, proxyRequest, type Upstream } from './proxy.ts';
import { sendError, sendJson } from './respond.ts';
import { isTrusted, setSecurityHeaders } from './security.ts';
import { sendFile } from './staticFiles.ts';
import { admit } from './token.ts';

/** What is behind /dicom-web. */
export type Backend =
  | { readonly kind: 'embedded'; readonly archive: Archive; readonly maxStoreBytes?: number }
  | {
      readonly kind: 'pacs';
      readonly root: URL;
      readonly credentials?: BasicCredentials;
      /** Silence after which the PACS is given up; two minutes where absent. */
      readonly idleMs?: number;
    };

export interface ServerSettings {
  /** Folder of the project: dist/app and models are served from it. */
  readonly root: string;
  readonly backend: Backend;
  readonly defaultModel: string;
  readonly propagationModel?: string;
  /** Where models run instead of in the browser. */
  readonly inference?: Upstream | undefined;
  /** Origins that the page may fetch models from. */
  readonly modelHosts?: readonly string[] | undefined;
  readonly allowedHosts?: readonly string[];
  /** Where there is one, nothing is answered without it. */
  readonly token?: string | undefined;
  /** How the reader signs in to the archive. */
  readonly auth?: AuthConfig | undefined;
  /** Tests put faults in here; true: the request has been answered. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}

const DICOMWEB_ROOT = '/dicom-web';
/** Longer than a PACS may be silent (see proxy.ts). */
const SILENCE_MS = 300_000;
const INFERENCE_ROOT = '/inference';
const DEFAULT_MAX_STORE_BYTES = 1 << 30;

/** The whole server: viewer, models, configuration and DICOMweb on one origin. */
export function createVoxPromptServer(settings: ServerSettings): Server {
  const server = createServer((request, response) => {
    const nonce = randomBytes(16).toString('base64url');
    setSecurityHeaders(response, nonce, [...authOrigins(settings.auth), ...(settings.modelHosts ?? [])]);
    answer(request, response, nonce, settings).catch((thrown: unknown) => {
      if (response.destroyed || response.writableEnded) return;
      console.error('A request failed:', thrown instanceof Error ? thrown.message : thrown);
      sendError(response, 500, 'The server failed; see its console.');
    });
  });
  // A large study may take its time on a slow line; a silent connection, or one that does not come to the point, may not.
  server.requestTimeout = 0;
  server.headersTimeout = 30_000;
  server.timeout = SILENCE_MS;
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  nonce: string,
  settings: ServerSettings,
): Promise<void> {
  if (!isTrusted(request, settings.allowedHosts ?? [])) {
    response.setHeader('Connection', 'close');
    return sendError(response, 403, 'The server is not to be addressed under this name (see --allow-host).');
  }
  const base = `http://${request.headers.host}`;
  // Only a path: with an absolute address a proxy in front might have decided by another host than we see.
  if (!request.url?.startsWith('/') || !URL.canParse(base + request.url)) {
    return sendError(response, 400, 'The address is malformed.');
  }
  const url = new URL(base + request.url);
  if (settings.token !== undefined && !admit(request, response, url, settings.token)) return;
  if (await settings.intercept?.(request, response)) return;
  const path = url.pathname;
  if (path === DICOMWEB_ROOT || path.startsWith(`${DICOMWEB_ROOT}/`)) {
    response.setHeader('Cache-Control', 'no-store');
    const rest = path.slice(DICOMWEB_ROOT.length);
    const { backend } = settings;
    if (backend.kind === 'pacs')
      return proxyRequest(request, response, { ...backend, name: 'PACS' }, rest + url.search);
    const maxStoreBytes = backend.maxStoreBytes ?? DEFAULT_MAX_STORE_BYTES;
    return handleDicomWeb(request, response, url, rest.replace(/\/$/, ''), { archive: backend.archive, maxStoreBytes });
  }
  if (settings.inference !== undefined && path.startsWith(`${INFERENCE_ROOT}/v2/`)) {
    response.setHeader('Cache-Control', 'no-store');
    return proxyRequest(request, response, settings.inference, path.slice(INFERENCE_ROOT.length) + url.search);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return sendError(response, 405, 'Only GET is answered here.');
  if (path === '/config.json') {
    response.setHeader('Cache-Control', 'no-store');
    return sendJson(response, 200, appConfig(settings));
  }
  if (path.startsWith('/models/'))
    return sendFile(request, response, join(settings.root, 'models'), path.slice(8), nonce);
  const file = path === '/' ? 'index.html' : path.slice(1);
  return sendFile(request, response, join(settings.root, 'dist', 'app'), file, nonce);
}

function appConfig(settings: ServerSettings): AppConfig {
  const { backend, defaultModel, propagationModel, auth, inference, modelHosts = [] } = settings;
  return {
    dicomWebRoot: DICOMWEB_ROOT,
    archive: backend.kind,
    archiveLabel: backend.kind === 'embedded' ? 'Embedded archive' : `PACS at ${backend.root.host}`,
    modelsRoot: '/models/',
    defaultModel,
    ...(propagationModel === undefined ? {} : { propagationModel }),
    ...(auth === undefined ? {} : { auth }),
    ...(modelHosts.length === 0 ? {} : { modelHosts }),
    ...(inference === undefined ? {} : { inference: { url: INFERENCE_ROOT, label: inference.root.host } }),
  };
}

/** Starts to listen. @returns the address under which a browser reaches the server; error `EADDRINUSE` is thrown */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name =
    host === '0.0.0.0' || host === '::'
      ? 'localhost'
      : address.family === 'IPv6'
        ? `[${address.address}]`
        : address.address;
  return `http://${name}:${address.port}`;
}
