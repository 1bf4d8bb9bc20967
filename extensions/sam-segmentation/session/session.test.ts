import { describe, expect, it, vi } from 'vitest';
import { appError } from '#core/errors.ts';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { err } from '#core/result.ts';
import { draw, openPhantom, pixelsOn, SIZE, setUp } from '../../../test/support/lesion/phantomSession.ts';
import { brightnessModel } from '../segmenter/testing/brightnessModel.ts';
import type { ReportingModel } from './modelSource.ts';

describe('a lesion from box to labelmap', () => {
  it('previews, propagates and commits one undo step with its provenance', async () => {
    const { session, labelmap, settled, ready } = setUp();
    session.send(draw(10));
    await ready(10);
    expect([...(labelmap.state.getState().preview?.slices.keys() ?? [])]).toEqual([10]);
    expect(labelmap.state.getState().journal.past).toEqual([]);

    session.send({ kind: 'propagate' });
    await settled('reviewing');
    const shown = labelmap.state.getState().preview?.slices;
    session.send({ kind: 'accept' });
    const { journal, preview, activeSegment } = labelmap.state.getState();
    expect(preview).toBeUndefined();
    expect(journal.past.map(({ label }) => label)).toEqual(['Propagate Lesion 1']);
    expect(activeSegment).toBe(1);
    expect(journal.labelmap.voxels.get(1)).toEqual(shown);
    expect(journal.labelmap.segments[0]?.algorithm).toMatchObject({
      type: 'SEMIAUTOMATIC',
      name: 'Brightness',
      version: '1 sha256:0000000000000000',
      parameters: expect.stringMatching(
        /^1 box, \d+ slices, WebAssembly, 2 threads, window 0\.\.100 \(manifest\), region 2 x box/,
      ),
    });
    expect(pixelsOn(journal.labelmap.voxels.get(1)?.get(10))).toBeGreaterThan(150);
  });

  it('leaves the voxels of other segments alone, and shows that before', async () => {
    const { session, labelmap, settled, ready } = setUp();
    const other = labelmap.draftSegment();
    const taken = new Uint8Array(SIZE.columns * SIZE.rows).fill(1, 0, 31 * SIZE.columns);
    const { labelmap: empty } = labelmap.state.getState().journal;
    labelmap.commit('Paint', withSlices(withSegment(empty, other), other.number, new Map([[10, taken]])));
    session.send({ kind: 'choose-target', target: { kind: 'new' } });
    session.send(draw(10));
    await ready(10);
    const shown = labelmap.state.getState().preview?.slices.get(10);
    expect(shown?.some((value, index) => value === 1 && taken[index] === 1)).toBe(false);
    session.send({ kind: 'accept' });
    await settled('accepted');
    const { voxels } = labelmap.state.getState().journal.labelmap;
    expect(voxels.get(other.number)?.get(10)).toEqual(taken);
    expect(voxels.get(2)?.get(10)).toEqual(shown);
  });

  it('adds to a segment that the reader picked, and takes nothing away from it', async () => {
    const { session, labelmap, settled, ready } = setUp();
    const first = labelmap.draftSegment();
    const corner = new Uint8Array(SIZE.columns * SIZE.rows).fill(1, 0, 5);
    const { labelmap: empty } = labelmap.state.getState().journal;
    labelmap.commit('Paint', withSlices(withSegment(empty, first), first.number, new Map([[10, corner]])));
    labelmap.setActiveSegment(undefined);
    labelmap.setActiveSegment(first.number);
    expect(session.state.getState().into).toEqual({ kind: 'segment', number: first.number });
    session.send(draw(10));
    await ready(10);
    session.send({ kind: 'accept' });
    await settled('accepted');
    const { segments, voxels } = labelmap.state.getState().journal.labelmap;
    expect(segments).toHaveLength(1);
    expect([...(voxels.get(1)?.get(10)?.slice(0, 5) ?? [])]).toEqual([1, 1, 1, 1, 1]);
    expect(pixelsOn(voxels.get(1)?.get(10))).toBeGreaterThan(150);
  });

  it('fills a segment that was just added, and leaves a loaded one alone', () => {
    const { session, labelmap } = setUp();
    const loaded = labelmap.draftSegment();
    const { labelmap: empty } = labelmap.state.getState().journal;
    const mask = new Uint8Array(SIZE.columns * SIZE.rows).fill(1, 0, 5);
    labelmap.replace(withSlices(withSegment(empty, loaded), loaded.number, new Map([[3, mask]])));
    expect(labelmap.state.getState().activeSegment).toBe(loaded.number);
    expect(session.state.getState().into).toEqual({ kind: 'new' });
    const added = labelmap.draftSegment();
    labelmap.commit('Add', withSegment(labelmap.state.getState().journal.labelmap, added));
    labelmap.setActiveSegment(added.number);
    expect(session.state.getState().into).toEqual({ kind: 'segment', number: added.number });
  });

  it('refuses a locked segment with a reason and keeps the lesion', async () => {
    const { session, labelmap, notices, ready } = setUp();
    const first = { ...labelmap.draftSegment(), locked: true };
    labelmap.commit('Add', withSegment(labelmap.state.getState().journal.labelmap, first));
    labelmap.setActiveSegment(undefined);
    labelmap.setActiveSegment(first.number);
    session.send(draw(10));
    await ready(10);
    session.send({ kind: 'accept' });
    expect(notices).toMatchObject([{ kind: 'error', error: { code: 'segment-locked' } }]);
    expect(session.state.getState().lesion.phase).toBe('prompting');
  });

  it('brings the lesion back to be corrected when its acceptance is undone', async () => {
    const { session, labelmap, settled, ready } = setUp();
    session.send(draw(10));
    await ready(10);
    session.send({ kind: 'propagate' });
    await settled('reviewing');
    session.send({ kind: 'accept' });
    labelmap.undo();
    expect(session.state.getState().lesion.phase).toBe('rejected');
    session.send({ kind: 'restore' });
    expect(session.state.getState().lesion.phase).toBe('reviewing');
    expect(labelmap.state.getState().preview?.slices.size).toBeGreaterThan(5);
  });
});

describe('what goes wrong', () => {
  it('stops at a gap in the stack and says so', async () => {
    const { session, settled, ready } = setUp({ gapAfter: 12 });
    session.send(draw(10));
    await ready(10);
    session.send({ kind: 'propagate' });
    await settled('reviewing');
    expect(session.state.getState().lesion).toMatchObject({ ends: { last: { k: 12, reason: 'missing-slice' } } });
  });

  it('lets nothing be drawn on a series whose slices share positions', () => {
    const { session } = setUp({ twice: true });
    session.send(draw(10));
    expect(session.state.getState()).toMatchObject({
      ground: { kind: 'refused', error: { code: 'geometry-not-usable' } },
      lesion: { phase: 'idle' },
    });
  });

  it('keeps the box when the worker crashes, and goes on after a retry', async () => {
    const model = brightnessModel();
    let crashes = 1;
    const fragile: ReportingModel = {
      ...model,
      report: { backend: 'wasm', threads: 1, attempts: [], selfCheckKey: 'k' },
      async encode(image, options) {
        if (crashes > 0) {
          crashes -= 1;
          return err(appError('worker-crashed', 'The inference worker stopped unexpectedly.'));
        }
        return model.encode(image, options);
      },
    };
    const { session, ready } = setUp({ model: fragile });
    session.send(draw(10));
    await vi.waitFor(() => {
      const { lesion } = session.state.getState();
      expect('keyframes' in lesion && lesion.keyframes.get(10)?.status).toBe('failed');
    });
    session.send({ kind: 'retry' });
    await ready(10);
    expect(session.state.getState().lesion.phase).toBe('prompting');
  });

  it('survives a model that throws', async () => {
    const model: ReportingModel = {
      ...brightnessModel(),
      report: { backend: 'wasm', threads: 1, attempts: [], selfCheckKey: 'k' },
      encode: () => Promise.reject(new Error('a bug')),
    };
    const { session } = setUp({ model });
    session.send(draw(10));
    await vi.waitFor(() => {
      const { lesion } = session.state.getState();
      const keyframe = 'keyframes' in lesion ? lesion.keyframes.get(10) : undefined;
      expect(keyframe).toMatchObject({ status: 'failed', error: { code: 'segmentation-failed', cause: 'a bug' } });
    });
  });

  it('shows nothing of the old series on the new one', async () => {
    const { session, openSeries, labelmap, ready } = setUp();
    session.send(draw(10));
    session.send({ kind: 'propagate' });
    openSeries.set(openPhantom());
    expect(labelmap.state.getState().preview).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(session.state.getState().lesion.phase).toBe('idle');
    expect(labelmap.state.getState().preview).toBeUndefined();
    session.send(draw(10));
    await ready(10);
  });

  it('keeps the slices that had come when it is cancelled between two', async () => {
    const { session, settled, ready } = setUp();
    session.send(draw(10));
    await ready(10);
    session.send({ kind: 'propagate' });
    const stop = session.state.subscribe(() => {
      const { lesion } = session.state.getState();
      if (lesion.phase === 'propagating' && lesion.cells.size === 2) session.send({ kind: 'escape' });
    });
    await settled('reviewing');
    stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { lesion } = session.state.getState();
    expect('cells' in lesion && lesion.cells.size).toBe(2);
  });
});
