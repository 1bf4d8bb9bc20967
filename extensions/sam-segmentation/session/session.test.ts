import { afterEach, describe, expect, it, vi } from 'vitest';
import { appError } from '#core/errors.ts';
import { patientPoint } from '#core/geometry/coordinates.ts';
import { stackOf } from '#core/geometry/stack.ts';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import { err, ok } from '#core/result.ts';
import type { Host, Notice, OpenSeries } from '#extension-api';
import { createLabelmapPort } from '../../../src/app/labelmap/createLabelmapPort.ts';
import { brightnessModel } from '../segmenter/testing/brightnessModel.ts';
import { spherePhantom } from '../segmenter/testing/spherePhantom.ts';
import { createModelSource, type ReportingModel } from './modelSource.ts';
import { prefetchAtRest } from './prefetch.ts';
import { createSession } from './session.ts';
import type { SessionEvent } from './sessionState.ts';
import { SamTool } from './toolNames.ts';
import { writableState } from './writableState.ts';

const SIZE = { columns: 64, rows: 64, slices: 21 };
const phantom = spherePhantom({ ...SIZE, centre: [31, 30, 10], radius: 8 });
/** Around the sphere's largest slice, drawn from the bottom right. */
const box = { x0: 23, y0: 22, x1: 39, y1: 38 };

/** An open series of the phantom; `gapAfter` leaves slices out there, `twice` puts two slices on one position. */
function openPhantom({ gapAfter, twice = false }: { gapAfter?: number; twice?: boolean } = {}): OpenSeries {
  const planes = Array.from({ length: SIZE.slices }, (_, k) => ({
    rows: SIZE.rows,
    columns: SIZE.columns,
    rowSpacing: 1,
    columnSpacing: 1,
    position: patientPoint(0, 0, twice ? k >> 1 : k + (gapAfter !== undefined && k > gapAfter ? 3 : 0)),
    rowDirection: [1, 0, 0] as const,
    columnDirection: [0, 1, 0] as const,
  }));
  const frames = planes.map((_, k) => ({
    sopInstanceUID: `1.${k}`,
    sopClassUID: '1.2',
    frameNumber: undefined,
    lut: { slope: 1, intercept: 0 },
    dataset: {},
  }));
  const series = {
    studyInstanceUID: '1',
    seriesInstanceUID: '1.1',
    frameOfReferenceUID: '1.2',
    modality: 'MR',
    frames,
    stack: stackOf(planes),
  };
  return { series, source: undefined as never, imageIds: frames.map(({ sopInstanceUID }) => sopInstanceUID) };
}

function setUp(options: Parameters<typeof openPhantom>[0] & { readonly model?: ReportingModel } = {}) {
  const openSeries = writableState<OpenSeries | undefined>(openPhantom(options));
  const currentSlice = writableState(10);
  const activeTool = writableState('WindowLevel');
  const labelmap = createLabelmapPort(() => {});
  labelmap.replace(emptyLabelmap(SIZE));
  const notices: Notice[] = [];
  const told: string[] = [];
  const host: Host = {
    viewer: {
      openSeries,
      currentSlice,
      activeTool,
      displayWindow: writableState(undefined),
      goToSlice: (k: number) => currentSlice.set(k),
      activateTool: (name: string) => activeTool.set(name),
      slicePixels: (k: number) => phantom.slice(k),
      sliceOfImageId: () => undefined,
    },
    labelmap,
    notices: { show: (notice: Notice) => notices.push(notice), announce: (text: string) => told.push(text) },
    sources: [],
    fileImporter: undefined,
    segmentationFormat: undefined,
    config: undefined as never,
    runCommand: () => {},
    refreshStudy: () => {},
  };
  const bright = brightnessModel();
  const model: ReportingModel =
    options.model ??
    Object.assign(bright, { report: { backend: 'wasm', threads: 2, attempts: [], selfCheckKey: 'k' } } as const);
  const source = createModelSource(async () => ok(model), host.viewer);
  const session = createSession(host, source);
  const settled = (phase: string): Promise<void> =>
    vi.waitFor(() => expect(session.state.getState().lesion.phase).toBe(phase), { timeout: 5000, interval: 5 });
  const ready = (k: number): Promise<void> =>
    vi.waitFor(() => {
      const { lesion } = session.state.getState();
      expect('keyframes' in lesion ? lesion.keyframes.get(k)?.status : undefined).toBe('ready');
    });
  return { host, openSeries, currentSlice, activeTool, labelmap, notices, told, bright, session, settled, ready };
}

const draw = (k: number, drawn = box): SessionEvent => ({ kind: 'box', k, box: drawn, draft: false });
const pixelsOn = (mask: Uint8Array | undefined): number => mask?.reduce((sum, value) => sum + value, 0) ?? 0;

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

afterEach(() => vi.restoreAllMocks());
