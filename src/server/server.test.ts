import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { number, text } from '#core/dicom/dataset.ts';
import { multipartEnd, newBoundary, parseMultipart, partHead } from '../../extensions/dicomweb/multipart.ts';
import { closed, type EmbeddedArchive, startEmbeddedArchive } from '../../test/support/embeddedArchive.ts';
import { freshUid, tinyCt } from '../../test/support/tinyCt.ts';
import { Archive } from './archive/archive.ts';
import { scanFolder } from './archive/scanFolder.ts';
import { createVoxPromptServer, listen } from './server.ts';

let server: EmbeddedArchive;
beforeAll(async () => {
  server = await startEmbeddedArchive({ maxStoreBytes: 50_000 });
});
afterAll(() => server.stop());

/** A store request of several parts. */
async function post(root: string, parts: readonly Uint8Array[], path = '/studies', type = 'application/dicom') {
  const boundary = newBoundary();
  const body = Buffer.concat([
    ...parts.flatMap((part) => [partHead(boundary, { 'Content-Type': type }), part]),
    multipartEnd(boundary),
  ]);
  const answer = await fetch(root + path, {
    method: 'POST',
    headers: { 'Content-Type': `multipart/related; type="${type}"; boundary=${boundary}` },
    body,
  });
  return {
    status: answer.status,
    json: (await answer.json()) as Record<string, { Value?: readonly Record<string, never>[] }>,
  };
}
const reasons = (json: Record<string, { Value?: readonly Record<string, never>[] }>) =>
  (json['00081198']?.Value ?? []).map((item) => number(item, '00081197'));

describe('storing', () => {
  it('gives each object of a request a verdict of its own', async () => {
    const [study, series, first, second] = [freshUid(), freshUid(), freshUid(), freshUid()];
    const object = tinyCt({ study, series, instance: first });
    expect((await post(server.root, [object])).status).toBe(200);
    const clash = tinyCt({ study, series, instance: first, value: 8 });
    const mixed = await post(server.root, [clash, tinyCt({ study, series, instance: second }), new Uint8Array(300)]);
    expect(mixed.status).toBe(202);
    expect(reasons(mixed.json)).toEqual([0x0111, 0xc000]);
    expect(mixed.json['00081199']?.Value?.map((item) => text(item, '00081155'))).toEqual([second]);
    const nothing = await post(server.root, [clash]);
    expect([nothing.status, reasons(nothing.json)]).toEqual([409, [0x0111]]);
  });

  it('takes a UID that is a path for what it is, and writes nothing outside its folder', async () => {
    const evil = tinyCt({ study: '../../up', series: freshUid(), instance: freshUid() });
    const answer = await post(server.root, [evil]);
    expect([answer.status, reasons(answer.json)]).toEqual([409, [0xc000]]);
    expect(readdirSync(server.dataDir).filter((name) => !['studies', '.incoming'].includes(name))).toEqual([]);
  });

  it('says 507 and keeps no half file when the disk is full, and takes the object once there is room', async () => {
    const [study, series, instance] = [freshUid(), freshUid(), freshUid()];
    const object = tinyCt({ study, series, instance });
    server.plan({ on: 'store', kind: 'disk-full' });
    const full = await post(server.root, [object]);
    expect([full.status, reasons(full.json)]).toEqual([507, [0xa700]]);
    expect(server.archive.find(instance)).toBeUndefined();
    expect((await post(server.root, [object])).status).toBe(200);
    expect(readdirSync(join(server.dataDir, '.incoming'))).toEqual([]);
  });

  it('stores one of two that race for a UID, and refuses the other', async () => {
    const [study, series, instance] = [freshUid(), freshUid(), freshUid()];
    const answers = await Promise.all(
      [1, 2].map((value) => post(server.root, [tinyCt({ study, series, instance, value })])),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('refuses what is too large, and what is no multipart of DICOM', async () => {
    expect((await post(server.root, [new Uint8Array(60_000)])).status).toBe(413);
    expect((await post(server.root, [new Uint8Array(10)], '/studies', 'text/plain')).status).toBe(415);
    expect((await post(server.root, [])).status).toBe(400);
  });

  it('finds everything again after a restart', async () => {
    const again = new Archive(server.dataDir);
    expect((await scanFolder(again, again.studiesDir)).added).toBe(server.archive.size);
  });
});

describe('queries', () => {
  it('refuse an attribute that does not exist and a limit that is no number', async () => {
    expect((await fetch(`${server.root}/studies?PatientNam=x`)).status).toBe(400);
    expect((await fetch(`${server.root}/studies?limit=-1`)).status).toBe(400);
    expect((await fetch(`${server.root}/studies?limit=1&offset=1`)).status).toBe(200);
  });

  it('return what includefield asks for, though the index does not hold it', async () => {
    const [study, series, instance] = [freshUid(), freshUid(), freshUid()];
    await post(server.root, [tinyCt({ study, series, instance })]);
    const ask = async (query: string) =>
      (await (await fetch(`${server.root}/${query}`)).json()) as Record<string, never>[];
    const [record] = await ask(`series?SeriesInstanceUID=${series}&includefield=00200052,RescaleSlope`);
    expect(record && [text(record, '00200052'), number(record, '00281053')]).toEqual([`${study}.9`, 1]);
    const [all] = await ask(`instances?SOPInstanceUID=${instance}&includefield=all`);
    expect(all && text(all, '00200037')).toBe('1');
  });
});

describe('retrieval', () => {
  it('answers 406 where another transfer syntax is insisted on, 404 for a frame that is not there', async () => {
    const [study, series, instance] = [freshUid(), freshUid(), freshUid()];
    await post(server.root, [tinyCt({ study, series, instance })]);
    const address = `${server.root}/studies/${study}/series/${series}/instances/${instance}`;
    const get = (path: string, accept: string) => fetch(address + path, { headers: { Accept: accept } });
    expect(
      (await get('', 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90')).status,
    ).toBe(406);
    expect((await get('', 'image/png')).status).toBe(406);
    const single = await get('', 'application/dicom');
    expect(single.headers.get('content-type')).toBe('application/dicom');
    expect((await get('/frames/2', '*/*')).status).toBe(404);
    const bulk = await get('/bulkdata/7FE00010', '*/*');
    const parts = parseMultipart(new Uint8Array(await bulk.arrayBuffer()), bulk.headers.get('content-type') ?? '');
    expect(parts.ok && parts.value[0]?.body.length).toBe(128);
  });

  it('sends a whole series in one answer', async () => {
    const [study, series] = [freshUid(), freshUid()];
    const objects = [1, 2, 3].map((n) => tinyCt({ study, series, instance: freshUid(), instanceNumber: n }));
    await post(server.root, objects);
    const answer = await fetch(`${server.root}/studies/${study}/series/${series}`);
    const parts = parseMultipart(new Uint8Array(await answer.arrayBuffer()), answer.headers.get('content-type') ?? '');
    expect(parts.ok && parts.value.map(({ body }) => Buffer.compare(body, Buffer.from(objects.shift()!)))).toEqual([
      0, 0, 0,
    ]);
  });
});

describe('a PACS behind the same address', () => {
  it('is reached through us, with our credentials and without its cookies; 502 where it is gone', async () => {
    const { root } = server;
    const proxied = createVoxPromptServer({
      root: tmpdir(),
      backend: { kind: 'pacs', root: new URL(root), credentials: { user: 'u', password: 'p' } },
      defaultModel: 'litemedsam',
    });
    const origin = await listen(proxied, '127.0.0.1', 0);
    const [study, series, instance] = [freshUid(), freshUid(), freshUid()];
    expect((await post(`${origin}/dicom-web`, [tinyCt({ study, series, instance })])).status).toBe(200);
    const found = await fetch(`${origin}/dicom-web/studies?StudyInstanceUID=${study}`);
    expect(((await found.json()) as unknown[]).length).toBe(1);
    expect(found.headers.get('content-security-policy')).toContain("default-src 'none'");
    await closed(proxied);
    const gone = createVoxPromptServer({
      root: tmpdir(),
      backend: { kind: 'pacs', root: new URL('http://127.0.0.1:9') },
      defaultModel: '',
    });
    expect((await fetch(`${await listen(gone, '127.0.0.1', 0)}/dicom-web/studies`)).status).toBe(502);
    await closed(gone);
  });
});

describe('a folder of studies', () => {
  it('is read, never written, and what is no DICOM is counted by reason', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'voxprompt-folder-'));
    const object = tinyCt({ study: freshUid(), series: freshUid(), instance: freshUid() });
    writeFileSync(join(folder, 'a.dcm'), object);
    writeFileSync(join(folder, 'copy.dcm'), object);
    writeFileSync(join(folder, 'README.txt'), 'These are the studies of the course.');
    const archive = new Archive(folder);
    const { added, skipped } = await scanFolder(archive, folder);
    expect([added, Object.fromEntries(skipped)]).toEqual([1, { 'duplicate-or-bad-uid': 1, 'not-dicom': 1 }]);
    expect(readdirSync(folder)).toHaveLength(3);
    rmSync(folder, { recursive: true });
  });
});
