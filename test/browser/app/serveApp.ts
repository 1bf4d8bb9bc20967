import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { buildPage, fileOf, typeOf } from '../../support/builtPage.ts';

/** Stricter than the server's own: no style or script but from files. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'";

export interface ServedApp {
  readonly url: string;
  stop(): Promise<void>;
}

/** The shell over fakes of every port, built for production and served under a policy. */
export async function serveApp(): Promise<ServedApp> {
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-app-'));
  await buildPage(new URL('.', import.meta.url), folder, [react()]);
  const server = createServer(async (request, response) => {
    const path = fileOf(new URL(request.url ?? '/', 'http://x').pathname);
    const body = await readFile(join(folder, path)).catch(() => undefined);
    const headers = { 'Content-Type': typeOf(path), 'Content-Security-Policy': POLICY };
    response.writeHead(body === undefined ? 404 : 200, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
