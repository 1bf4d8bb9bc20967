import { text } from '../text.ts';
import { promptsOf } from './lesionPrompts.ts';
import type {
  Keyframe,
  Keyframes,
  Prompting,
  Reviewing,
  SessionEffect,
  SessionEvent,
  SessionState,
  Step,
} from './sessionState.ts';

/** Phases in which prompts are placed and answered. */
type Workable = Prompting | Reviewing;

export const unchanged = (state: SessionState): Step => ({ state, effects: [] });

/** Nothing is done, and the reader is shown why. */
export const refused = (state: SessionState, why: string): Step => ({
  state,
  effects: [{ kind: 'tell', text: why, refused: true }],
});

type BoxEvent = Extract<SessionEvent, { kind: 'box' }>;

/** The first box of a lesion. */
export function beginLesion(state: SessionState, slices: number, { k, box, draft }: BoxEvent): Step {
  if (!isSlice(k, slices)) return unchanged(state);
  const empty: Prompting = { phase: 'prompting', prompts: promptsOf(k, box), keyframes: new Map(), problem: undefined };
  return asked(state, empty, k, draft);
}

export const isSlice = (k: number, slices: number): boolean => Number.isInteger(k) && k >= 0 && k < slices;

/** A prompt of slice k is new: its keyframe is worked on under a fresh revision, what it showed stays until then. */
export function asked(state: SessionState, lesion: Workable, k: number, draft: boolean): Step {
  const revision = state.serial + 1;
  const keyframe: Keyframe = { status: 'working', revision, result: lesion.keyframes.get(k)?.result };
  return {
    state: { ...state, serial: revision, lesion: { ...lesion, keyframes: new Map(lesion.keyframes).set(k, keyframe) } },
    effects: [{ kind: 'preview', k, revision, draft }],
  };
}

/** Asks for every prompted slice again: another window, or a model that came back after a crash. */
export function askedAgain(
  state: SessionState,
  lesion: Workable,
  which: (keyframe: Keyframe | undefined) => boolean = () => true,
): Step {
  let step: Step = { state: { ...state, lesion }, effects: [] };
  const effects: SessionEffect[] = [];
  for (const [k, { painted }] of lesion.prompts.slices) {
    const current = step.state.lesion;
    // What the reader painted is no question to the model.
    if (painted !== undefined) continue;
    if (current.phase !== lesion.phase || !which(lesion.keyframes.get(k))) continue;
    step = asked(step.state, current, k, false);
    effects.push(...step.effects);
  }
  return { state: step.state, effects };
}

/** Results of prompted slices; an answer to an older prompt is shown while the newer one is awaited, never after it. */
export function answered(keyframes: Keyframes, event: SessionEvent): Keyframes | undefined {
  if (event.kind !== 'preview-ready' && event.kind !== 'preview-failed' && event.kind !== 'preview-glimpsed') {
    return undefined;
  }
  const keyframe = keyframes.get(event.k);
  if (keyframe?.status !== 'working' || event.revision > keyframe.revision) return undefined;
  const { revision } = keyframe;
  const current = event.revision === revision;
  if (event.kind === 'preview-failed') {
    if (!current) return undefined;
    return new Map(keyframes).set(event.k, {
      status: 'failed',
      revision,
      result: keyframe.result,
      error: event.error,
    });
  }
  const status = current && event.kind === 'preview-ready' ? 'ready' : 'working';
  return new Map(keyframes).set(event.k, { status, revision, result: event.result });
}

/** Accepts what is shown, unless what is shown is about to change. */
export function accepted(state: SessionState, { keyframes }: Workable): Step {
  const frames = [...keyframes.values()];
  if (frames.some(({ status }) => status === 'failed')) {
    return refused(state, text.refused.sliceFailed);
  }
  if (frames.some(({ status }) => status === 'working')) {
    return refused(state, text.refused.sliceWorking);
  }
  return frames.some(({ result }) => result !== undefined)
    ? { state, effects: [{ kind: 'commit' }] }
    : unchanged(state);
}

/** The lesion became part of the labelmap; the next one goes into a segment of its own unless the reader chooses otherwise. */
export function committed(
  state: SessionState,
  lesion: Workable,
  event: Extract<SessionEvent, { kind: 'committed' }>,
): Step {
  const { segment, label, slices } = event;
  return {
    state: { ...state, lesion: { phase: 'accepted', segment, label, slices, lesion }, into: { kind: 'new' } },
    effects: [{ kind: 'stop-previews' }, { kind: 'tell', text: text.told.accepted(label, slices) }],
  };
}

/** How far the lesion goes was said in one stroke: told, because the strip that shows it may be out of sight. */
export function ranged(state: SessionState, lesion: Workable): Step {
  const { first, last } = lesion.prompts.range;
  return {
    state: { ...state, lesion },
    effects: first === undefined || last === undefined ? [] : [{ kind: 'tell', text: text.told.range(first, last) }],
  };
}

export function dropped(state: SessionState, lesion: Workable): Step {
  return {
    state: { ...state, lesion: { phase: 'rejected', dropped: lesion } },
    effects: [{ kind: 'stop-previews' }, { kind: 'tell', text: text.told.dropped }],
  };
}
