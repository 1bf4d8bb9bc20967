import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BackendReport } from '../inference/selectBackend.ts';
import type { VolumeModel } from '../inference/volumeModel.ts';
import { brightVolumeModel } from '../segmenter/testing/brightVolumeModel.ts';
import { redoScope, seenMasks } from './redoScope.ts';
import { box, drawn, inPhase, otherBox, play, result, reviewed } from './testing/playSession.ts';
import { createVolumeSource, type LoadVolume } from './volumeSource.ts';

describe('what a run of a volume model may change', () => {
  it('is everything at first', () => {
    const session = play(20, drawn(10), { kind: 'propagate' });
    const scope = redoScope(session.state.lesion);
    expect([0, 9, 10, 19].every((k) => scope.has(k))).toBe(true);
    expect([...scope.ends]).toEqual(['towards-first', 'towards-last']);
  });

  it('is what lies between a correction and the next keyframe, and never beyond an end that stands', () => {
    const session = reviewed();
    session.send({ kind: 'box', k: 12, box: otherBox, draft: false });
    session.answer(12);
    session.send({ kind: 'propagate' });
    const scope = redoScope(inPhase(session.state, 'propagating'));
    // Boxed 10, then 12: 11 is between them, 13 and beyond are open again; 7..9 and what is before them stand.
    expect([6, 7, 8, 9].map((k) => scope.has(k))).toEqual([false, false, false, false]);
    expect([11, 13, 14].map((k) => scope.has(k))).toEqual([true, true, true]);
    expect([...scope.ends]).toEqual(['towards-last']);
  });

  it('keeps what was seen of a boxed slice, but not what is still worked on', () => {
    const session = reviewed();
    const { keyframes } = inPhase(session.state, 'reviewing');
    expect([...seenMasks(keyframes).keys()]).toEqual([10]);
    session.send({ kind: 'box', k: 12, box: otherBox, draft: false });
    expect([...seenMasks(inPhase(session.state, 'reviewing').keyframes).keys()]).toEqual([10]);
    session.answer(12);
    expect([...seenMasks(inPhase(session.state, 'reviewing').keyframes).keys()]).toEqual([10, 12]);
  });

  it('arrives at once, and slices that it does not confirm are gone', () => {
    const session = reviewed();
    session.send({ kind: 'method-changed' });
    const stale = inPhase(session.state, 'reviewing').stale;
    expect([...stale].sort((a, b) => a - b)).toEqual([7, 8, 9, 11, 12, 13]);
    session.send({ kind: 'propagate' });
    const results = new Map([8, 9, 10, 11].map((k) => [k, result(50 + k)]));
    session.send({ kind: 'slices-arrived', run: session.run(), results });
    expect(inPhase(session.state, 'propagating').done).toBe(4);
    session.finish(8, 11);
    const { cells, keyframes } = inPhase(session.state, 'reviewing');
    expect([...cells.keys()].sort((a, b) => a - b)).toEqual([8, 9, 11]);
    expect(keyframes.get(10)!.result!.area).toBe(60);
    expect(box).toBeDefined();
  });
});

const report: BackendReport = { backend: 'wasm', threads: 1, attempts: [], selfCheckKey: 'k' };

function loads(...answers: readonly Result<VolumeModel>[]): { load: LoadVolume; urls: string[] } {
  const urls: string[] = [];
  return {
    urls,
    load: async (url) => {
      urls.push(url);
      const answer = answers[urls.length - 1] ?? answers.at(-1)!;
      return answer.ok ? ok({ ...answer.value, report }) : answer;
    },
  };
}

describe('the volume model of an installation', () => {
  it('is loaded once, behind the promptable model', async () => {
    const source = createVolumeSource('http://x/models/v/manifest.json');
    expect(await source.get()).toBeUndefined();
    const { load, urls } = loads(ok(brightVolumeModel()));
    source.begin(load);
    expect((await source.get())?.manifest.id).toBe('bright-volume');
    expect((await source.get())?.manifest.id).toBe('bright-volume');
    expect(urls).toEqual(['http://x/models/v/manifest.json']);
    expect(source.state.getState()).toMatchObject({ kind: 'ready', name: 'Bright volume', backend: 'WebAssembly' });
  });

  it('leaves the propagation to the promptable model where it cannot be loaded, says why, and is tried again', async () => {
    const error = appError('model-hash-mismatch', 'volume.onnx is not the file that the manifest names.');
    const source = createVolumeSource('http://x/models/v/manifest.json');
    const { load, urls } = loads(err(error), ok(brightVolumeModel()));
    source.begin(load);
    await new Promise((resolve) => setTimeout(resolve));
    expect(source.state.getState()).toEqual({ kind: 'failed', error });
    expect((await source.get())?.manifest.id).toBe('bright-volume');
    expect(urls).toHaveLength(2);
  });

  it('is not loaded for a reader who chose otherwise, nor where there is none', async () => {
    const source = createVolumeSource('http://x/models/v/manifest.json');
    source.choose('sam');
    const { load, urls } = loads(ok(brightVolumeModel()));
    source.begin(load);
    expect(await source.get()).toBeUndefined();
    expect(urls).toEqual([]);
    source.choose('volume');
    expect(await source.get()).toBeDefined();

    const none = createVolumeSource(undefined);
    none.begin(load);
    expect([none.offered, none.choice.getState(), await none.get()]).toEqual([false, 'sam', undefined]);
  });
});
