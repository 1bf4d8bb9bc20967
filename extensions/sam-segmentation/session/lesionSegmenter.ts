import { type AppError, appError } from '#core/errors.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { OpenSeries, ViewerPort } from '#extension-api';
import type { PromptableModel } from '../inference/model.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import type { VolumeModel } from '../inference/volumeModel.ts';
import type { SlicePrompt } from '../prompt/modelPrompt.ts';
import type { Knowledge } from '../propagation/knowledge.ts';
import { halfSize, REACH } from '../propagation/profile.ts';
import { lesionFrame } from '../segmenter/lesionFrame.ts';
import { promptedSlice } from '../segmenter/promptedSlice.ts';
import { type LesionEngine, propagateLesion } from '../segmenter/propagateLesion.ts';
import type { JoinOthers } from '../segmenter/registeredSource.ts';
import { createSliceSegmenter, type MeasuredMask, type SliceSegmenter } from '../segmenter/sliceSegmenter.ts';
import type { SliceSource } from '../segmenter/sliceSource.ts';
import { createVolumeSegmenter, type VolumeSegmenter } from '../segmenter/volumeSegmenter.ts';
import type { LesionPrompts } from './lesionPrompts.ts';
import type { OtherSeriesSource } from './otherSeries.ts';
import { remembering, rememberingVolume } from './remembering.ts';
import type { LesionSegmenter, LesionTask } from './segmenterPort.ts';
import type { ExpectedSlices, SliceResult } from './sessionState.ts';
import { sourceOfSeries } from './sourceOfSeries.ts';
import type { VolumeSource } from './volumeSource.ts';
import { createVolumeWindows } from './volumeWindow.ts';

interface Bench {
  readonly open: OpenSeries;
  readonly window: IntensityWindow;
  readonly segmenter: SliceSegmenter;
}

/** A volume model at work on the open series. */
interface Sight {
  readonly open: OpenSeries;
  readonly window: IntensityWindow;
  readonly model: VolumeModel;
  readonly join: JoinOthers | undefined;
  readonly volume: VolumeSegmenter;
}

/** What helps the promptable model. */
interface Helpers {
  readonly volume: Pick<VolumeSource, 'get'>;
  readonly others: Pick<OtherSeriesSource, 'join' | 'state'> | undefined;
}

/** Segments the open series of a viewer with a model: one region and one set of embeddings at a time. */
export function createLesionSegmenter(
  model: PromptableModel,
  backend: () => string,
  viewer: Pick<ViewerPort, 'openSeries' | 'slicePixels'>,
  { volume, others }: Helpers,
): LesionSegmenter {
  const input = { size: model.manifest.input.size, factor: model.manifest.region.factor };
  const windows = createVolumeWindows(model.manifest, viewer);
  let bench: Bench | undefined;
  let sight: Sight | undefined;
  let helpedBy: VolumeManifest | undefined;

  function benchFor({ prompts, window, region }: LesionTask): Result<SliceSegmenter> {
    const open = viewer.openSeries.getState();
    if (open === undefined) return err(seriesClosed());
    const same = bench?.open === open && bench.window === window ? bench : undefined;
    const boxes = [...prompts.slices.values()].map(({ box }) => box);
    const present = same?.segmenter.frame;
    const frame = lesionFrame(boxes, input, region === 'kept' ? present : undefined);
    if (same !== undefined && JSON.stringify(frame) === JSON.stringify(present)) return ok(same.segmenter);
    bench?.segmenter.release();
    const source = sourceOfSeries(open.series, window, viewer);
    bench = { open, window, segmenter: remembering(createSliceSegmenter(model, source, frame)) };
    return ok(bench.segmenter);
  }

  async function engineFor(
    segmenter: SliceSegmenter,
    window: IntensityWindow,
    signal: AbortSignal,
  ): Promise<Result<LesionEngine>> {
    const model = await volume.get();
    const open = viewer.openSeries.getState();
    helpedBy = model?.manifest;
    if (model === undefined || open === undefined) return ok({ segmenter, volume: undefined });
    const seen = await windows.windowFor(model.manifest, window, signal);
    if (!seen.ok) return seen;
    const join = others?.join(model.manifest);
    const same = sight?.open === open && sight.window === seen.value && sight.model === model;
    if (sight === undefined || !same || sight.join !== join) {
      const source = { ...segmenter.source, window: seen.value };
      const volume = rememberingVolume(createVolumeSegmenter(model, source, join));
      sight = { open, window: seen.value, model, join, volume };
    }
    return ok({ segmenter, volume: sight.volume });
  }

  return {
    manifest: model.manifest,
    get backend() {
      return backend();
    },
    get helpedBy() {
      return helpedBy;
    },
    get alsoSeen() {
      const heard = (others?.state.getState() ?? []).filter(({ verdict }) => verdict?.counted);
      return helpedBy === undefined ? [] : heard.map(({ modality }) => modality);
    },
    async segmentSlice(task, k, { signal, draft, onGlimpse }) {
      const prompt = task.prompts.slices.get(k);
      const segmenter = benchFor(task);
      if (!segmenter.ok) return segmenter;
      if (prompt === undefined) return err(appError('no-prompt', 'There is no box on this slice.'));
      // A handle is dragged faster than a volume model runs: its say comes when the handle is let go.
      const alone = ok({ segmenter: segmenter.value, volume: undefined });
      const engine = draft ? alone : await engineFor(segmenter.value, task.window, signal);
      if (!engine.ok) return engine;
      const segmented = await promptedSlice(
        engine.value,
        knowledgeOf(task.prompts),
        { k, ...prompt },
        {
          signal,
          priority: 'prompt',
          readerMasks: paintedMasks(task.prompts),
          onGlimpse: (slice) => onGlimpse(resultOf(slice, slice.score, prompt)),
        },
      );
      return segmented.ok ? ok(resultOf(segmented.value, segmented.value.score, prompt)) : segmented;
    },
    async propagate(task, { signal, onExpected, onSlices, onEnd }) {
      const segmenter = benchFor(task);
      if (!segmenter.ok) return segmenter;
      onExpected(expectedSlices(task.prompts, segmenter.value.source));
      const engine = await engineFor(segmenter.value, task.window, signal);
      if (!engine.ok) return engine;
      const lesion = await propagateLesion(engine.value, knowledgeOf(task.prompts), {
        signal,
        scope: task.scope,
        readerMasks: paintedMasks(task.prompts),
        seenMasks: task.seen,
        onEvent: (event) => {
          if (signal.aborted) return;
          if (event.kind === 'stop') {
            onEnd(event.direction === 'towards-first' ? 'first' : 'last', event.end, event.dropped);
            return;
          }
          const arrived = (event.kind === 'slice' ? [event.slice] : event.slices).flatMap((slice) =>
            // What is not settled is for the preview of that slice to show: nobody takes it for the answer where the run is stopped.
            slice.prompt === undefined || slice.origin === 'glimpse'
              ? []
              : [[slice.k, resultOf(slice, slice.score, slice.prompt)] as const],
          );
          if (arrived.length > 0) onSlices(new Map(arrived));
        },
      });
      return lesion.ok ? ok(undefined) : lesion;
    },
    async prefetch(task, k, signal) {
      const segmenter = benchFor({ ...task, region: 'kept' });
      if (!segmenter.ok) return;
      const { source } = segmenter.value;
      const prepare = (slice: number) =>
        segmenter.value.prepare(slice, { signal, priority: 'prefetch' }).catch(() => undefined);
      // By itself and first: the slice at rest is the one that is prompted next, and must not wait for its neighbours.
      await prepare(k);
      const together = segmenter.value.encodesTogether();
      if (together > 1 && !signal.aborted)
        await Promise.all(neighbours(k, together, source.geometry.positions.length).map(prepare));
    },
    forget() {
      windows.forget();
      bench?.segmenter.release();
      bench = undefined;
      sight = undefined;
    },
  };
}

/** The nearest slices, as many as travel together. */
const neighbours = (k: number, together: number, slices: number): readonly number[] =>
  Array.from({ length: 2 * together }, (_, index) => k + (index % 2 === 0 ? 1 : -1) * (1 + (index >> 1)))
    .filter((slice) => slice >= 0 && slice < slices)
    .slice(0, together);

const seriesClosed = (): AppError => appError('series-closed', 'The series was closed.');

const resultOf = ({ mask, area }: MeasuredMask, score: number | undefined, { box }: SlicePrompt): SliceResult => ({
  mask,
  area,
  score,
  box,
});

function knowledgeOf({ slices, range: { first, last } }: LesionPrompts): Knowledge {
  return {
    // A slice that was painted empty says nothing of the lesion's size.
    keyframes: [...slices]
      .filter(([, { painted }]) => painted?.includes(1) ?? true)
      .map(([k, { box, points }]) => ({ k, box, points })),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
}

const paintedMasks = ({ slices }: LesionPrompts): ReadonlyMap<number, SliceMask> =>
  new Map([...slices].flatMap(([k, { painted }]) => (painted === undefined ? [] : [[k, painted] as const])));

/** Where a run will about end: at the ends the reader gave, else as far as lesions of this size reach. Only for progress. */
export function expectedSlices(
  { slices, range }: LesionPrompts,
  { geometry }: Pick<SliceSource, 'geometry'>,
): ExpectedSlices {
  const { positions } = geometry;
  const prompted = [...slices.keys()].sort((a, b) => a - b);
  const beyond = (k: number, sign: 1 | -1): number => {
    const reach = REACH * halfSize(slices.get(k)!.box, geometry);
    let edge = k;
    while (positions[edge + sign] !== undefined && Math.abs(positions[edge + sign]! - positions[k]!) <= reach)
      edge += sign;
    return edge;
  };
  const first = range.first ?? beyond(prompted[0]!, -1);
  const last = range.last ?? beyond(prompted.at(-1)!, 1);
  return { first, last };
}
