import { assertNever } from '#core/errors.ts';
import type { Host, ReadableState } from '#extension-api';
import { turn } from '../segmenter/pacer.ts';
import { algorithmOf } from './algorithmOf.ts';
import { commitLesion } from './commitLesion.ts';
import { followSeries } from './followSeries.ts';
import { followUndo } from './followUndo.ts';
import { measurePace } from './pace.ts';
import { offerPending } from './pendingWork.ts';
import { failureOf, previewQueue } from './previewQueue.ts';
import { redoScope, seenMasks } from './redoScope.ts';
import type { LesionTask, SegmenterSource } from './segmenterPort.ts';
import {
  initialSession,
  type Lesion,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
} from './sessionState.ts';
import { showPreview } from './showPreview.ts';
import { stepSession } from './stepSession.ts';
import { createWindowSource, type WindowSource } from './windowSource.ts';
import { writableState } from './writableState.ts';

/** The session of one lesion at a time: what tools, panel and commands read and send events to. */
export interface SamSession {
  readonly state: ReadableState<SessionState>;
  readonly segmenter: SegmenterSource;
  readonly window: WindowSource;
  /** ms that a slice takes, or took in the last run. */
  readonly pace: ReadableState<number | undefined>;
  send(event: SessionEvent): void;
  dispose(): void;
}

/** Runs the effects of the pure session on a host and a segmenter. Nothing is written to the labelmap before `accept`. */
export function createSession(host: Host, segmenter: SegmenterSource): SamSession {
  const state = writableState<SessionState>(initialSession);
  const window = createWindowSource(host, segmenter, () => send({ kind: 'window-changed' }));
  const pace = measurePace(state);
  let run: { readonly number: number; readonly controller: AbortController } | undefined;

  const previews = previewQueue(
    async ({ k, revision, draft }, signal) => {
      const ready = await prepared(signal, draft);
      if (!ready.ok) return ready;
      return ready.segmenter.segmentSlice(ready.task, k, {
        signal,
        draft,
        onGlimpse: (result) => {
          if (!signal.aborted) send({ kind: 'preview-glimpsed', k, revision, result });
        },
      });
    },
    ({ k, revision }, result) =>
      send(
        result.ok
          ? { kind: 'preview-ready', k, revision, result: result.value }
          : { kind: 'preview-failed', k, revision, error: result.error },
      ),
  );

  /** Model and window as they are now, loaded and sampled where they are not yet; the prompts as they are afterwards. */
  async function prepared(signal: AbortSignal, draft: boolean) {
    // What the reader did is seen first: its picture is a task of its own.
    await turn();
    const loaded = await segmenter.get();
    if (!loaded.ok) return loaded;
    const seen = await window.get(signal);
    if (!seen.ok) return seen;
    const { lesion } = state.getState();
    if (!('prompts' in lesion)) return failureOf('the lesion was dropped');
    const fresh = !draft && !('cells' in lesion && lesion.cells.size > 0);
    const task: LesionTask = {
      prompts: lesion.prompts,
      window: seen.value,
      region: fresh ? 'fresh' : 'kept',
      scope: redoScope(lesion),
      seen: seenMasks(lesion.keyframes),
    };
    return { ok: true, segmenter: loaded.value, task } as const;
  }

  async function propagate(number: number): Promise<void> {
    const controller = new AbortController();
    run = { number, controller };
    const { signal } = controller;
    const ready = await prepared(signal, false).catch(failureOf);
    const { lesion } = state.getState();
    if (signal.aborted || lesion.phase !== 'propagating') return;
    const outcome = ready.ok
      ? await ready.segmenter
          .propagate(ready.task, {
            signal,
            onExpected: (slices) => send({ kind: 'run-expects', run: number, slices }),
            onSlices: (results) => send({ kind: 'slices-arrived', run: number, results }),
            onEnd: (end, at, dropped) => send({ kind: 'end-reached', run: number, end, at, dropped }),
          })
          .catch(failureOf)
      : ready;
    if (signal.aborted) return;
    send(
      outcome.ok ? { kind: 'run-finished', run: number } : { kind: 'run-failed', run: number, error: outcome.error },
    );
  }

  function accept(lesion: Lesion): void {
    const model = segmenter.loaded();
    const seen = window.state.getState();
    if (model === undefined || seen.kind !== 'ready') return;
    const commit = commitLesion(
      lesion,
      host.labelmap.state.getState().journal.labelmap,
      state.getState().into,
      algorithmOf(lesion, model, seen.window),
      (change) => host.labelmap.draftSegment(change),
    );
    if (!commit.ok) {
      host.notices.show({ kind: 'error', error: commit.error });
      return;
    }
    const { label, next, segment, slices } = commit.value;
    host.labelmap.commit(label, next);
    host.labelmap.setActiveSegment(segment.number);
    send({ kind: 'committed', segment: segment.number, label: segment.label, slices });
  }

  function perform(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'preview':
        previews.request(effect);
        break;
      case 'stop-previews':
        previews.stop();
        break;
      case 'propagate':
        void propagate(effect.run);
        break;
      case 'stop-run':
        run?.controller.abort();
        run = undefined;
        break;
      case 'commit':
        accept(state.getState().lesion);
        break;
      case 'tell':
        if (effect.refused) host.notices.show({ kind: 'info', title: effect.text });
        else host.notices.announce(effect.text);
        break;
      default:
        assertNever(effect);
    }
  }

  function send(event: SessionEvent): void {
    const { state: next, effects } = stepSession(state.getState(), event);
    state.set(next);
    for (const effect of effects) perform(effect);
  }

  const ends = [
    followSeries(host, send, () => {
      window.forget();
      segmenter.loaded()?.forget();
      segmenter.others?.forget();
    }),
    segmenter.replaced.subscribe(() => {
      const { ground } = state.getState();
      window.again();
      // What was made with the old model stays where it was accepted; a lesion under review would have two makers.
      if (ground.kind === 'open') send({ kind: 'series-opened', slices: ground.slices });
    }),
    segmenter.volume.choice.subscribe(() => send({ kind: 'method-changed' })),
    segmenter.others?.choices.subscribe(() => send({ kind: 'method-changed' })) ?? (() => undefined),
    followUndo(host, state, send),
    showPreview(host, state),
    offerPending(host, state, send),
    pace.stop,
    () => send({ kind: 'series-closed' }),
    () => segmenter.dispose(),
  ];
  return {
    state,
    segmenter,
    window,
    pace: pace.state,
    send,
    dispose() {
      for (const end of ends) end();
    },
  };
}
