import { readFile } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

export interface OhifSite {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * OHIF as a hospital serves it: static files, its own app-config.js, the plugin's folder beside it, and the PACS behind the same
 * origin. @param mounts folders served under a path of their own, longest first
 */
export async function serveOhif(
  app: string,
  appConfig: string,
  mounts: Readonly<Record<string, string>>,
  dicomWeb: string,
): Promise<OhifSite> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    if (pathname.startsWith('/dicom-web')) {
      const target = new URL(`${dicomWeb}${(request.url ?? '').slice('/dicom-web'.length)}`);
      const passed = forward(target, { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...ISOLATED });
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      request.pipe(passed);
      return;
    }
    const mount = Object.keys(mounts).find((prefix) => pathname.startsWith(prefix));
    const asked = mount === undefined ? join(app, pathname) : join(mounts[mount]!, pathname.slice(mount.length));
    const body = pathname === '/app-config.js' ? appConfig : await readFile(asked).catch(() => undefined);
    // Every other address is one of OHIF's own pages.
    const file = body === undefined && extname(pathname) === '' ? join(app, 'index.html') : asked;
    const content = body ?? (file === asked ? undefined : await readFile(file));
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(content === undefined ? 404 : 200, { 'Content-Type': type, ...ISOLATED });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
