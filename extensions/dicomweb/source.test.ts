import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedArchive, startEmbeddedArchive } from '../../test/support/embeddedArchive.ts';
import { freshUid, tinyCt } from '../../test/support/tinyCt.ts';
import { limited } from './limit.ts';
import { dicomWebSource } from './source.ts';

let server: EmbeddedArchive;
beforeAll(async () => {
  server = await startEmbeddedArchive();
});
afterAll(() => server.stop());
const source = (timeoutMs = 5000) =>
  dicomWebSource('test', 'Test', server.root, { backoff: { attempts: 3, firstDelayMs: 5, timeoutMs } });
const query = { offset: 0, limit: 10 };

describe('reading from an archive that falters', () => {
  it('reads again after a dropped connection and a 503', async () => {
    server.plan({ on: 'read', kind: 'dropped' }, { on: 'read', kind: 'status', status: 503 });
    expect((await source().searchStudies(query)).ok).toBe(true);
  });

  it('gives up after its attempts, at once where repeating is no use, and says which', async () => {
    const failing = { on: 'read', kind: 'status', status: 502 } as const;
    server.plan(failing, failing, failing);
    expect(await source().searchStudies(query)).toMatchObject({ error: { code: 'archive-unreachable' } });
    server.plan({ on: 'read', kind: 'status', status: 401 });
    expect(await source().searchStudies(query)).toMatchObject({ error: { code: 'archive-unauthorized' } });
    expect((await source().searchStudies(query)).ok).toBe(true);
  });

  it('does not take a login page for studies', async () => {
    server.plan({ on: 'read', kind: 'status', status: 200 });
    expect(await source().searchStudies(query)).toMatchObject({ error: { code: 'archive-answer' } });
  });

  it('stops at once when cancelled, while it waits too', async () => {
    server.plan({ on: 'read', kind: 'slow', ms: 300 });
    const started = performance.now();
    await expect(source().searchStudies(query, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(290);
  });

  it('reports the bytes of an instance as they come', async () => {
    const [study, series, instance] = [freshUid(), freshUid(), freshUid()];
    await source().store(tinyCt({ study, series, instance }), study);
    let last = 0;
    const bytes = await source().retrieve(study, series, instance, { onProgress: (done) => (last = done) });
    expect(bytes.ok && last >= bytes.value.length).toBe(true);
  });
});

describe('storing in an archive that falters', () => {
  const object = () => {
    const [study, series, instance] = [freshUid(), freshUid(), freshUid()];
    return { study, series, instance, bytes: tinyCt({ study, series, instance }) };
  };

  it('says that the outcome is unknown when the answer is lost, and does not send twice', async () => {
    const { study, series, instance, bytes } = object();
    server.plan({ on: 'store', kind: 'answer-lost' });
    expect((await source().store(bytes, study)).kind).toBe('ambiguous');
    // Asking for the UID settles it.
    expect((await source().retrieve(study, series, instance)).ok).toBe(true);
  });

  it('says that it is unknown when the connection breaks before anything happened', async () => {
    const { study, series, instance, bytes } = object();
    server.plan({ on: 'store', kind: 'dropped' });
    expect((await source().store(bytes, study)).kind).toBe('ambiguous');
    expect(await source().retrieve(study, series, instance)).toMatchObject({ error: { code: 'archive-not-found' } });
  });

  it('tells a full disk, a refusal, and missing rights apart', async () => {
    const { study, bytes } = object();
    server.plan({ on: 'store', kind: 'disk-full' });
    expect(await source().store(bytes, study)).toMatchObject({
      kind: 'refused',
      error: { context: { reason: 'A700' } },
    });
    server.plan({ on: 'store', kind: 'status', status: 409 });
    expect(await source().store(bytes, study)).toMatchObject({ kind: 'refused', error: { code: 'archive-refused' } });
    server.plan({ on: 'store', kind: 'status', status: 401 });
    expect(await source().store(bytes, study)).toMatchObject({
      kind: 'refused',
      error: { code: 'archive-unauthorized' },
    });
    expect(await source().store(bytes, study)).toEqual({ kind: 'stored', warnings: [] });
  });

  it('refuses to send what is no DICOM file', async () => {
    expect(await source().store(new Uint8Array(500), '1.2.3')).toMatchObject({
      kind: 'refused',
      error: { code: 'not-part10' },
    });
  });
});

describe('limited', () => {
  it('runs no more than it may, and lets a cancelled call leave the queue', async () => {
    const queue = limited(2);
    let [running, most] = [0, 0];
    const call = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    };
    const leaving = new AbortController();
    const calls = Array.from({ length: 6 }, () => queue(call));
    const left = queue(call, leaving.signal);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    await Promise.all(calls);
    await queue(call);
    expect(most).toBe(2);
  });
});
