import { describe, expect, it, vi } from 'vitest';
import { box, draw, setUp } from '../../../test/support/lesion/phantomSession.ts';
import { brightnessModel } from '../segmenter/testing/brightnessModel.ts';
import type { ReportingModel } from './modelSource.ts';
import { prefetchAtRest } from './prefetch.ts';
import { SamTool } from './toolNames.ts';

describe('what is asked of the model', () => {
  it('decodes without encoding again while a handle is dragged inside the region', async () => {
    const { session, bright, ready } = setUp();
    session.send(draw(10));
    await ready(10);
    const { encoded, decoded } = bright;
    session.send({ kind: 'box', k: 10, box: { ...box, x1: 38 }, draft: true });
    await ready(10);
    expect(bright.decoded).toBeGreaterThan(decoded);
    expect(bright.encoded).toBe(encoded);
  });

  it('gives the same mask for the same box, whatever was dragged before', async () => {
    const dragged = setUp();
    dragged.session.send(draw(10, { x0: 15, y0: 15, x1: 45, y1: 45 }));
    await dragged.ready(10);
    dragged.session.send({ kind: 'box', k: 10, box: { ...box, x1: 37 }, draft: true });
    dragged.session.send(draw(10));
    await dragged.ready(10);
    const direct = setUp();
    direct.session.send(draw(10));
    await direct.ready(10);
    expect(dragged.labelmap.state.getState().preview?.slices.get(10)).toEqual(
      direct.labelmap.state.getState().preview?.slices.get(10),
    );
  });

  it('asks again only what depends on a correction', async () => {
    const { session, bright, settled, ready } = setUp();
    session.send(draw(10));
    await ready(10);
    session.send({ kind: 'propagate' });
    await settled('reviewing');
    const whole = bright.decoded;
    session.send({ kind: 'set-end', end: 'last', k: 13 });
    session.send({ kind: 'propagate' });
    await settled('reviewing');
    expect(bright.decoded - whole).toBeLessThanOrEqual(3);
    expect(session.state.getState().lesion).toMatchObject({ ends: { last: { k: 13, reason: 'range' } } });
  });

  it('plans three boxes when both ends are boxed', async () => {
    const { session, settled, ready } = setUp();
    session.send(draw(10));
    session.send(draw(4, { x0: 28, y0: 27, x1: 34, y1: 33 }));
    session.send(draw(16, { x0: 28, y0: 27, x1: 34, y1: 33 }));
    await ready(16);
    session.send({ kind: 'set-end', end: 'first', k: 4 });
    session.send({ kind: 'set-end', end: 'last', k: 16 });
    session.send({ kind: 'propagate' });
    await settled('reviewing');
    const { lesion } = session.state.getState();
    if (lesion.phase !== 'reviewing') throw new Error('not in review');
    expect([...lesion.cells.keys()].sort((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 11, 12, 13, 14, 15]);
    expect(lesion.cells.get(7)!.box.x1 - lesion.cells.get(7)!.box.x0).toBeGreaterThan(8);
  });

  it('encodes the slice that comes to rest once a box has named the region, and not before', async () => {
    const { host, session, bright, activeTool, currentSlice, ready } = setUp();
    const stop = prefetchAtRest(host, session);
    currentSlice.set(12);
    await new Promise((resolve) => setTimeout(resolve, 260));
    expect(bright.encoded).toBe(0);
    activeTool.set(SamTool.box);
    session.send(draw(10));
    await ready(10);
    currentSlice.set(11);
    currentSlice.set(13);
    await vi.waitFor(() => expect(bright.encoded).toBe(2), { timeout: 2000 });
    stop();
  });
});

describe('a slice at rest, with an inference server', () => {
  it('is encoded by itself, then its neighbours together, as many as the server takes', async () => {
    const bright = brightnessModel();
    const asked: number[] = [];
    let underWay = 0;
    const encode: ReportingModel['encode'] = async (image, options) => {
      underWay += 1;
      asked.push(underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= 1;
      return bright.encode(image, options);
    };
    const report = { backend: 'remote', sentTo: 'gpu.test', threads: 1, attempts: [], selfCheckKey: 'k' } as const;
    const model: ReportingModel = Object.assign(Object.create(bright), { report, encode, encodesTogether: () => 4 });
    const { host, session, activeTool, currentSlice, ready } = setUp({ model });
    const stop = prefetchAtRest(host, session);
    activeTool.set(SamTool.box);
    session.send(draw(10));
    await ready(10);
    currentSlice.set(13);
    // 10 for its box, then 13, then 14, 12, 15 and 11.
    await vi.waitFor(() => expect(bright.encoded).toBe(6), { timeout: 2000 });
    expect(asked).toEqual([1, 1, 1, 2, 3, 4]);
    stop();
  });
});
