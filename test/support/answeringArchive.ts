import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import type { Authorization } from '#extension-api';
import { dicomWebSource } from '../../extensions/dicomweb/source.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** An archive that answers as a function says; every request is noted. */
export async function archive(answer: (request: IncomingMessage, url: URL, response: ServerResponse) => void) {
  const asked: { method: string; url: URL; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://archive');
    asked.push({ method: request.method ?? '', url, headers: request.headers });
    request.resume().on('end', () => answer(request, url, response));
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { root: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dicom-web`, asked };
}

export const BACKOFF = { attempts: 3, firstDelayMs: 5, timeoutMs: 5000 };
/** The source under test, which comes again after milliseconds. */
export const sourceAt = (root: string, authorization?: Authorization) =>
  dicomWebSource('test', 'Test', root, { backoff: BACKOFF, authorization });
export const STUDIES = Array.from({ length: 70 }, (_, index) => ({
  '0020000D': { vr: 'UI', Value: [`1.2.${index}`] },
}));
export const json = (response: ServerResponse, body: unknown, headers: Readonly<Record<string, string>> = {}): void =>
  void response.writeHead(200, { 'Content-Type': 'application/dicom+json', ...headers }).end(JSON.stringify(body));
