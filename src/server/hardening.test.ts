import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, type EmbeddedArchive, startEmbeddedArchive } from '../../test/support/embeddedArchive.ts';
import { serverOptions } from './options.ts';
import { type Backend, createVoxPromptServer, listen } from './server.ts';

/** Bytes on a socket as no client library would send them; all that comes back until the server closes or falls silent. */
function rawBytes(origin: string, text: string, waitMs = 400): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'));
    let answer = '';
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    let timer = setTimeout(done, 5000);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(done, waitMs);
    });
    socket.on('close', done);
    socket.on('error', () => undefined);
  });
}
const statuses = (answer: string): string[] => answer.match(/HTTP\/1\.1 \d{3}/g)?.map((line) => line.slice(9)) ?? [];

describe('requests that mean two things', () => {
  let server: EmbeddedArchive;
  let host: string;
  beforeAll(async () => {
    server = await startEmbeddedArchive();
    ({ host } = new URL(server.origin));
  });
  afterAll(() => server.stop());
  const head = (...lines: string[]): string =>
    `${['POST /dicom-web/studies HTTP/1.1', `Host: ${host}`, ...lines].join('\r\n')}\r\n\r\n`;
  const hidden = () => `GET /config.json HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

  it.each([
    ['a length and chunks', () => `${head('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden()}`],
    ['two lengths', () => `${head('Content-Length: 4', 'Content-Length: 40')}abcd${hidden()}`],
    ['a length that is none', () => head('Content-Length: 1e1') + hidden()],
    [
      'a transfer coding that is not known',
      () => `${head('Transfer-Encoding: chunked, identity')}0\r\n\r\n${hidden()}`,
    ],
    ['a name with a blank before the colon', () => `${head('Content-Length : 5')}abcde${hidden()}`],
    ['a folded header', () => `${head('X-A: b', ' Content-Length: 5')}abcde${hidden()}`],
    ['a chunk size that is no number', () => `${head('Transfer-Encoding: chunked')}zz\r\n${hidden()}`],
    ['two hosts', () => head(`Host: evil.example`, 'Content-Length: 0') + hidden()],
  ])('are refused, and nothing behind them is answered: %s', async (_, bytes) => {
    const seen = statuses(await rawBytes(server.origin, bytes()));
    expect(seen.length).toBeLessThanOrEqual(1);
    for (const status of seen) expect(['400', '415', '403']).toContain(status);
  });

  it('includes an absolute address, whatever host it names', async () => {
    const request = `GET http://evil.example/config.json HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect(statuses(await rawBytes(server.origin, request))).toEqual(['400']);
  });

  it('refuses headers without end, and goes on answering others', async () => {
    const endless = `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`;
    expect(statuses(await rawBytes(server.origin, endless))).toEqual(['431']);
    expect((await fetch(`${server.origin}/config.json`)).status).toBe(200);
  });

  it('lists no folder', async () => {
    for (const path of ['/models', '/models/', '/models/litemedsam', '/models/litemedsam/', '/assets/']) {
      const answer = await fetch(server.origin + path);
      expect(answer.status, path).toBe(404);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    }
  });
});

describe('a server with a token', () => {
  it('answers nobody without it, and takes it out of the address', async () => {
    const server = createVoxPromptServer({
      root: tmpdir(),
      backend: { kind: 'pacs', root: new URL('http://127.0.0.1:9') },
      defaultModel: 'none',
      token: 'sésame/1',
    });
    const origin = await listen(server, '127.0.0.1', 0);
    const ask = (path: string, headers: Record<string, string> = {}) =>
      fetch(origin + path, { headers, redirect: 'manual' });
    for (const path of ['/', '/config.json', '/dicom-web/studies', '/models/x', '/config.json?token=wrong']) {
      expect((await ask(path)).status, path).toBe(401);
    }
    const entry = await ask(`/?token=${encodeURIComponent('sésame/1')}&a=b`);
    expect([entry.status, entry.headers.get('location')]).toEqual([303, '/?a=b']);
    const cookie = entry.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await ask('/config.json', { Cookie: `other=1; ${cookie.split(';')[0]}` })).status).toBe(200);
    expect((await ask('/config.json', { Cookie: 'voxprompt-token=%E0%A4%A' })).status).toBe(401);
    await closed(server);
  });

  it('makes one up that cannot be guessed, or takes the one of the environment', () => {
    const tokens = [1, 2].map(() => serverOptions(['--token'], {}));
    const [a, b] = tokens.map((it) => (it.ok ? it.value.token : undefined));
    expect(a).toMatch(/^[\w-]{32}$/);
    expect(a).not.toBe(b);
    expect(serverOptions(['--token'], { VOXPROMPT_TOKEN: 'mine' })).toMatchObject({ value: { token: 'mine' } });
    expect(serverOptions([], { VOXPROMPT_TOKEN: 'mine' })).toMatchObject({ value: { token: undefined } });
  });
});

describe('a PACS behind the proxy', () => {
  /** A PACS of which only what it is sent matters. */
  async function behind(
    answer: Parameters<typeof createServer>[1],
    more: Partial<Extract<Backend, { kind: 'pacs' }>> = {},
  ) {
    const pacs = createServer(answer);
    await new Promise<void>((resolve) => pacs.listen(0, '127.0.0.1', resolve));
    const root = new URL(`http://127.0.0.1:${(pacs.address() as AddressInfo).port}/pacs`);
    const server = createVoxPromptServer({
      root: tmpdir(),
      backend: { kind: 'pacs', root, ...more },
      defaultModel: 'none',
    });
    const origin = await listen(server, '127.0.0.1', 0);
    return { address: `${origin}/dicom-web`, stop: () => Promise.all([closed(server), closed(pacs)]) };
  }

  it('learns nothing of the browser, and tells it nothing of itself', async () => {
    let seen: IncomingHttpHeaders = {};
    const { address, stop } = await behind((request, response) => {
      seen = request.headers;
      response.writeHead(401, {
        'Content-Type': 'text/plain',
        'WWW-Authenticate': 'Basic realm="inside"',
        'Set-Cookie': 'session=1',
        Location: 'http://10.0.0.7/',
        Server: 'PACS 1.0',
        'X-Powered-By': 'something',
        'Retry-After': '7',
      });
      response.end('no');
    });
    const answer = await fetch(`${address}/studies`, {
      headers: {
        Cookie: 'voxprompt-token=secret',
        Referer: 'http://x/',
        'X-Forwarded-For': '1.2.3.4',
        'User-Agent': 'me',
      },
    });
    expect(Object.keys(seen).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'forwarded', 'host']);
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([401, '7', 'no']);
    for (const name of ['www-authenticate', 'set-cookie', 'location', 'server', 'x-powered-by'])
      expect(answer.headers.get(name), name).toBeNull();
    await stop();
  });

  it('gets an upload as it comes, and is told when the reader stops it', async () => {
    let [arrived, gone] = [0, false];
    const { address, stop } = await behind((request) => {
      request.on('data', (chunk: Buffer) => {
        arrived += chunk.length;
      });
      request.on('error', () => undefined);
      request.on('close', () => {
        gone = true;
      });
    });
    const controller = new AbortController();
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(stream) {
        if (sent >= 50) await new Promise((resolve) => setTimeout(resolve, 20));
        sent += 1;
        stream.enqueue(new Uint8Array(1000));
      },
    });
    const upload = fetch(`${address}/studies`, {
      method: 'POST',
      body,
      duplex: 'half',
      signal: controller.signal,
    } as RequestInit);
    // Half a body is there long before the other half has been made.
    await expect.poll(() => arrived, { timeout: 10_000 }).toBeGreaterThan(10_000);
    controller.abort();
    await expect(upload).rejects.toThrow();
    await expect.poll(() => gone, { timeout: 10_000 }).toBe(true);
    await stop();
  });

  it('that is silent is given up with 504, and one that breaks off in the middle does not look complete', async () => {
    const { address, stop } = await behind(
      (request, response) => {
        if (request.url?.endsWith('/half')) {
          response.writeHead(200, { 'Content-Type': 'application/dicom+json', 'Content-Length': '100' });
          response.write('[{"0008');
          setTimeout(() => response.destroy(), 50);
        }
      },
      { idleMs: 300 },
    );
    const silent = await fetch(`${address}/silent`);
    expect([silent.status, await silent.text()]).toEqual([504, expect.not.stringContaining('127.0.0.1')]);
    await expect(fetch(`${address}/half`).then((answer) => answer.text())).rejects.toThrow();
    await stop();
  });
});
