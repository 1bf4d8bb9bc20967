import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import type { Thumbnail } from '#viewer';
import { fakeSource } from '../../../test/support/fakes/fakeStudies.ts';
import { createThumbnails } from './createThumbnails.ts';

const source = fakeSource('archive', 'Archive', []);
const named = (seriesInstanceUID: string) => ({ source, studyInstanceUID: '1', seriesInstanceUID });
const picture: Thumbnail = { width: 1, height: 1, rgba: new Uint8ClampedArray(4) };

/** A viewer whose pictures come when they are let go. */
function heldViewer() {
  const asked: string[] = [];
  const held = new Map<string, () => void>();
  return {
    asked,
    release: (uid: string) => held.get(uid)?.(),
    viewer: {
      thumbnail: (_: unknown, __: string, uid: string, options: { readonly signal?: AbortSignal } = {}) => {
        asked.push(uid);
        return new Promise<ReturnType<typeof ok<Thumbnail>>>((resolve, reject) => {
          held.set(uid, () => resolve(ok(picture)));
          options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
        });
      },
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('pictures of series', () => {
  it('are asked for two at a time, the newest first, and none twice', async () => {
    const { viewer, asked, release } = heldViewer();
    const thumbnails = createThumbnails(viewer);
    const { signal } = new AbortController();
    const all = ['a', 'b', 'c', 'd'].map((uid) => thumbnails.get(named(uid), signal));
    await settled();
    expect(asked).toEqual(['a', 'b']);
    release('a');
    await settled();
    expect(asked).toEqual(['a', 'b', 'd']);
    for (const uid of ['b', 'd']) release(uid);
    await settled();
    release('c');
    expect(await Promise.all(all)).toEqual([picture, picture, picture, picture]);
    expect(await thumbnails.get(named('a'), signal)).toBe(picture);
    expect(asked).toHaveLength(4);
  });

  it('leave the queue when they are scrolled away, and make room when they were under way', async () => {
    const { viewer, asked, release } = heldViewer();
    const thumbnails = createThumbnails(viewer);
    const [first, waiting] = [new AbortController(), new AbortController()];
    const a = thumbnails.get(named('a'), first.signal);
    const b = thumbnails.get(named('b'), new AbortController().signal);
    const c = thumbnails.get(named('c'), waiting.signal);
    const d = thumbnails.get(named('d'), new AbortController().signal);
    waiting.abort();
    await expect(c).rejects.toMatchObject({ name: 'AbortError' });
    first.abort();
    await expect(a).rejects.toMatchObject({ name: 'AbortError' });
    await settled();
    expect(asked).toEqual(['a', 'b', 'd']);
    release('b');
    release('d');
    await Promise.all([b, d]);
  });

  it('are absent, not an error, where the series has none', async () => {
    const thumbnails = createThumbnails({ thumbnail: async () => err(appError('no-pixels', 'None.')) });
    expect(await thumbnails.get(named('a'), new AbortController().signal)).toBeUndefined();
  });
});
