import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildPage, fileOf, typeOf } from '../../support/builtPage.ts';

/** The plain host page, built for production, with its files by number. */
export async function servePlain(
  folder: string,
  files: readonly string[],
): Promise<{ readonly url: string; stop(): void }> {
  await buildPage(new URL('plain', import.meta.url), folder);
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const file = /^\/files\/(\d+)$/.exec(path);
    const from = file === null ? join(folder, fileOf(path)) : (files[Number(file[1])] ?? '');
    const body = await readFile(from).catch(() => undefined);
    response
      .writeHead(body === undefined ? 404 : 200, {
        'Content-Type': typeOf(fileOf(path)),
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
