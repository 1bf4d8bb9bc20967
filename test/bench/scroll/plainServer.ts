import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The plain host page, built for production, with its files by number. */
export async function servePlain(
  folder: string,
  files: readonly string[],
): Promise<{ readonly url: string; stop(): void }> {
  await build({
    root: fileURLToPath(new URL('plain', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    base: './',
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 8000 },
  });
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const file = /^\/files\/(\d+)$/.exec(path);
    const from = file === null ? join(folder, path === '/' ? 'index.html' : path) : (files[Number(file[1])] ?? '');
    const body = await readFile(from).catch(() => undefined);
    response
      .writeHead(body === undefined ? 404 : 200, {
        'Content-Type': TYPES[extname(path === '/' ? 'index.html' : path)] ?? 'application/octet-stream',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      })
      .end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
