import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, type EmbeddedArchive, startEmbeddedArchive } from '../../test/support/embeddedArchive.ts';
import { createVoxPromptServer, listen } from './server.ts';

let server: EmbeddedArchive;
beforeAll(async () => {
  server = await startEmbeddedArchive({ maxStoreBytes: 50_000 });
});
afterAll(() => server.stop());

/** A request as no browser or fetch would make it. */
const raw = (path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.origin);
    request({ hostname, port, path, headers }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });

describe('the door', () => {
  it('answers under its own names only, and no page of another origin', async () => {
    expect((await raw('/config.json', { Host: 'evil.example' })).status).toBe(403);
    expect((await raw('/config.json', { Host: 'localhost:1234' })).status).toBe(200);
    const { host } = new URL(server.origin);
    expect((await raw('/dicom-web/studies', { Host: host, Origin: 'http://evil.example' })).status).toBe(403);
    expect((await raw('/dicom-web/studies', { Host: host, Origin: `http://${host}` })).status).toBe(200);
  });

  it('sends nothing from outside its folders, however the path is written', async () => {
    const { host } = new URL(server.origin);
    for (const path of [
      '/../package.json',
      '/models/../package.json',
      '/models/%2e%2e/package.json',
      '/models/..%2fpackage.json',
      '/models/.git',
      '/%00',
      '/models/%E0%A4%A',
    ]) {
      expect((await raw(path, { Host: host })).status, path).toBe(404);
    }
  });

  it('forbids foreign and inline code on every answer, errors too', async () => {
    for (const path of ['/config.json', '/nothing', '/dicom-web/studies']) {
      const { headers } = await fetch(server.origin + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/);
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    }
  });

  it('serves the models beside the app', async () => {
    const manifest = await fetch(`${server.origin}/models/litemedsam/manifest.json`);
    expect([200, 404]).toContain(manifest.status);
    expect((await fetch(`${server.origin}/config.json`).then((it) => it.json())) as unknown).toMatchObject({
      dicomWebRoot: '/dicom-web',
      archive: 'embedded',
    });
  });
});

describe('hosts of models', () => {
  it('are let through by the policy and named to the page, and nothing else is', async () => {
    const modelHosts = ['https://models.example:8443'];
    const server = createVoxPromptServer({
      root: tmpdir(),
      backend: { kind: 'pacs', root: new URL('http://127.0.0.1:1') },
      defaultModel: 'litemedsam',
      modelHosts,
    });
    const origin = await listen(server, '127.0.0.1', 0);
    const answer = await fetch(`${origin}/config.json`);
    expect(await answer.json()).toMatchObject({ modelHosts });
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("connect-src 'self' blob: https://models.example:8443;");
    expect(policy.match(/https?:/g)).toHaveLength(1);
    await closed(server);
  });
});
