import type { AppError } from '#core/errors.ts';
import type { SliceBox, SlicePoint } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { PointPrompt } from '../prompt/modelPrompt.ts';
import type { End, LesionPrompts } from './lesionPrompts.ts';
import type { EndReason } from './segmenterPort.ts';

/** What the model made of one slice. */
export interface SliceResult {
  readonly mask: SliceMask;
  /** mm²; 0 for an empty mask. */
  readonly area: number;
  /** The model's own estimate of the overlap with the truth, about 0 to 1; undefined where the mask was interpolated. */
  readonly score: number | undefined;
  /** The box that was asked. */
  readonly box: SliceBox;
}

/** A slice on which the reader has drawn. `revision` names the prompt; a result of an older one is shown until the new one comes. */
export type Keyframe =
  | { readonly status: 'working'; readonly revision: number; readonly result: SliceResult | undefined }
  | { readonly status: 'ready'; readonly revision: number; readonly result: SliceResult }
  | {
      readonly status: 'failed';
      readonly revision: number;
      readonly result: SliceResult | undefined;
      readonly error: AppError;
    };

export type Keyframes = ReadonlyMap<number, Keyframe>;

/** Where one side of the lesion ended, and why. */
export interface LesionEnd {
  /** Outermost slice that belongs to the lesion. */
  readonly k: number;
  readonly reason: EndReason;
}

/** An absent end is open: the slices beyond have not been looked at since the last prompt. */
export type LesionEnds = Readonly<Partial<Record<End, LesionEnd>>>;

export interface Prompting {
  readonly phase: 'prompting';
  readonly prompts: LesionPrompts;
  readonly keyframes: Keyframes;
  /** Why the last propagation came to nothing. */
  readonly problem: AppError | undefined;
}

/** What propagating and reviewing share: everything that is known of the lesion's slices. */
interface Spread {
  readonly prompts: LesionPrompts;
  readonly keyframes: Keyframes;
  /** Propagated slices; never one that has a prompt. */
  readonly cells: ReadonlyMap<number, SliceResult>;
  /** Slices that have to be done, or done again, after what the reader said last. */
  readonly stale: ReadonlySet<number>;
  readonly ends: LesionEnds;
}

/** Outermost slices that a run will probably look at. */
export interface ExpectedSlices {
  readonly first: number;
  readonly last: number;
}

export interface Propagating extends Spread {
  readonly phase: 'propagating';
  readonly run: number;
  /** Slices of this run that have arrived, and which it will need as far as the planner can tell. */
  readonly done: number;
  readonly expected: ExpectedSlices | undefined;
}

export interface Reviewing extends Spread {
  readonly phase: 'reviewing';
  /** Why the last run broke off, where it did. */
  readonly problem: AppError | undefined;
}

export type Lesion =
  | { readonly phase: 'idle' }
  | Prompting
  | Propagating
  | Reviewing
  | {
      readonly phase: 'accepted';
      readonly segment: number;
      readonly label: string;
      readonly slices: number;
      /** As it was when it was accepted: undoing the acceptance brings it back to be corrected. */
      readonly lesion: Prompting | Reviewing;
    }
  /** Dropped, but can be brought back until something else is begun. */
  | { readonly phase: 'rejected'; readonly dropped: Prompting | Reviewing };

/** A lesion as it was before a step, and what the step is called. */
export interface RememberedStep {
  readonly label: string;
  readonly lesion: Lesion;
}

/** What the reader did to the lesion that is being worked on; empty once it is accepted, where the journal takes over. */
export interface History {
  readonly past: readonly RememberedStep[];
  readonly future: readonly RememberedStep[];
  /** Slice whose handle is held: the moves of one drag are one step. */
  readonly held: number | undefined;
}

export const NO_HISTORY: History = { past: [], future: [], held: undefined };

/** Which segment an accepted lesion goes into. */
export type Target = { readonly kind: 'new' } | { readonly kind: 'segment'; readonly number: number };

/** The series that can be prompted: none, one whose geometry forbids it, or one with so many slices. */
export type Ground =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly error: AppError }
  | { readonly kind: 'open'; readonly slices: number };

export interface SessionState {
  readonly ground: Ground;
  readonly lesion: Lesion;
  readonly into: Target;
  readonly history: History;
  /** Source of revisions and run numbers: never goes back, so that a late answer cannot be taken for a new one. */
  readonly serial: number;
}

export type SessionEvent =
  | { readonly kind: 'series-opened'; readonly slices: number }
  | { readonly kind: 'series-refused'; readonly error: AppError }
  | { readonly kind: 'series-closed' }
  /** `draft` while a handle is being dragged: decode at once, encode anew only when it comes to rest. */
  | { readonly kind: 'box'; readonly k: number; readonly box: SliceBox; readonly draft: boolean }
  | { readonly kind: 'point'; readonly k: number; readonly point: PointPrompt }
  | { readonly kind: 'move-point'; readonly k: number; readonly index: number; readonly at: SlicePoint }
  | { readonly kind: 'remove-point'; readonly k: number; readonly index: number }
  | { readonly kind: 'remove-slice'; readonly k: number }
  /** A slice painted by hand. */
  | {
      readonly kind: 'paint';
      readonly k: number;
      readonly label: string;
      /** The mask as it is now; undefined where the stroke met the lesion nowhere. */
      readonly result: SliceResult | undefined;
      /** Where it met voxels of the segment that the lesion goes into: those that are to go now. */
      readonly erased?: { readonly segment: number; readonly mask: SliceMask | undefined } | undefined;
    }
  /** Slices changed by rule: filled, smoothed, without islands. An area of 0 says that the slice is not part of it any more. */
  | { readonly kind: 'reshape'; readonly label: string; readonly results: ReadonlyMap<number, SliceResult> }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' }
  | { readonly kind: 'window-changed' }
  /** Another model propagates from now on: what it would make anew is stale. */
  | { readonly kind: 'method-changed' }
  /** A first mask of a slice that is still worked on. */
  | { readonly kind: 'preview-glimpsed'; readonly k: number; readonly revision: number; readonly result: SliceResult }
  | { readonly kind: 'preview-ready'; readonly k: number; readonly revision: number; readonly result: SliceResult }
  | { readonly kind: 'preview-failed'; readonly k: number; readonly revision: number; readonly error: AppError }
  | { readonly kind: 'propagate' }
  | { readonly kind: 'slices-arrived'; readonly run: number; readonly results: ReadonlyMap<number, SliceResult> }
  | { readonly kind: 'run-expects'; readonly run: number; readonly slices: ExpectedSlices }
  | {
      readonly kind: 'end-reached';
      readonly run: number;
      readonly end: End;
      readonly at: LesionEnd;
      /** Slices that were looked at and are not part of the lesion. */
      readonly dropped: readonly number[];
    }
  | { readonly kind: 'run-finished'; readonly run: number }
  | { readonly kind: 'run-failed'; readonly run: number; readonly error: AppError }
  | { readonly kind: 'set-end'; readonly end: End; readonly k: number }
  /** Both ends at once: how far the lesion goes, seen across the slices. */
  | { readonly kind: 'set-range'; readonly first: number; readonly last: number }
  | { readonly kind: 'accept' }
  | { readonly kind: 'committed'; readonly segment: number; readonly label: string; readonly slices: number }
  /** The step that wrote the accepted lesion was undone. */
  | { readonly kind: 'uncommitted' }
  | { readonly kind: 'escape' }
  | { readonly kind: 'restore' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'choose-target'; readonly target: Target };

/** Events that concern the lesion; the others concern the ground it stands on. */
export type LesionEvent = Exclude<
  SessionEvent,
  { readonly kind: 'series-opened' | 'series-refused' | 'series-closed' | 'choose-target' | 'undo' | 'redo' }
>;

/** What the runner has to do; the reducer itself does nothing. */
export type SessionEffect =
  | { readonly kind: 'preview'; readonly k: number; readonly revision: number; readonly draft: boolean }
  | { readonly kind: 'stop-previews' }
  | { readonly kind: 'propagate'; readonly run: number }
  | { readonly kind: 'stop-run' }
  | { readonly kind: 'commit' }
  /** `refused`: nothing was done, and the reader must see why; else it is told to screen readers only, the screen shows it. */
  | { readonly kind: 'tell'; readonly text: string; readonly refused?: true };

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export const initialSession: SessionState = {
  ground: { kind: 'none' },
  lesion: { phase: 'idle' },
  into: { kind: 'new' },
  history: NO_HISTORY,
  serial: 0,
};
