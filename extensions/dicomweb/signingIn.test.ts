import { describe, expect, it } from 'vitest';
import type { Authorization } from '#extension-api';
import { archive, json, STUDIES, sourceAt } from '../../test/support/answeringArchive.ts';
import { freshUid, tinyCt } from '../../test/support/tinyCt.ts';

describe('signing in', () => {
  /** An archive that takes one token only. */
  const guarded = (token: () => string) =>
    archive((request, _, response) => {
      if (request.headers.authorization !== `Bearer ${token()}`) return void response.writeHead(401).end();
      if (request.method === 'GET') return json(response, STUDIES.slice(0, 1));
      response.writeHead(200, { 'Content-Type': 'application/dicom+json' });
      response.end(
        JSON.stringify({ '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: [INSTANCE] } }] } }),
      );
    });
  const INSTANCE = freshUid();
  function credentials(first: string, next: readonly (string | undefined)[]) {
    let [token, at] = [first, 0];
    const authorization: Authorization = {
      header: async () => `Bearer ${token}`,
      renew: async () => {
        const made = next[at];
        at += 1;
        if (made === undefined) return false;
        token = made;
        return true;
      },
    };
    return { authorization, renewals: () => at };
  }

  it('completes a read and a store after 401 once the reader has signed in again', async () => {
    const { root, asked } = await guarded(() => 'new');
    const { authorization } = credentials('old', ['new']);
    expect((await sourceAt(root, authorization).listSeries('1.2')).ok).toBe(true);
    const second = credentials('old', ['new']);
    const file = tinyCt({ study: '1.2', series: '1.3', instance: INSTANCE });
    const outcome = await sourceAt(root, second.authorization).store(file, '1.2');
    expect(outcome).toEqual({ kind: 'stored', warnings: [] });
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'POST']);
  });

  it('says so where the reader does not sign in, or has no right after all', async () => {
    const { root, asked } = await guarded(() => 'never');
    expect(await sourceAt(root, credentials('old', []).authorization).listSeries('1.2')).toMatchObject({
      error: { code: 'archive-unauthorized' },
    });
    expect(asked).toHaveLength(1);
    const stubborn = credentials('old', ['a', 'b', 'c', 'd']);
    expect((await sourceAt(root, stubborn.authorization).listSeries('1.2')).ok).toBe(false);
    expect(stubborn.renewals()).toBe(2);
  });

  it('never puts credentials into an address', async () => {
    const { root, asked } = await guarded(() => 'secret');
    await sourceAt(root, credentials('secret', []).authorization).searchStudies({ text: 'x', offset: 0, limit: 5 });
    expect(asked.every(({ url }) => !url.href.includes('secret'))).toBe(true);
  });
});
