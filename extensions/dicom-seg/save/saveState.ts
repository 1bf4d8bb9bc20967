import type { AppError } from '#core/errors.ts';
import type { EncodedSegmentation } from '#extension-api';

/** What happens on the way into the archive, in order. Only after the last is anything called stored. */
export const SAVE_STEPS = ['validate', 'encode', 'verify', 'send', 'read-back', 'compare'] as const;
export type SaveStep = (typeof SAVE_STEPS)[number];

/** What the reader decides before anything is sent. */
export interface SaveForm {
  readonly targetId: string;
  readonly seriesDescription: string;
  readonly seriesNumber: number;
  readonly kind: 'BINARY' | 'LABELMAP';
  /** `revision` of the object that the segments were loaded from or last stored as; without one, a new series all the same. */
  readonly as: 'new-series' | 'revision';
}

/**
 * How to go on after a failure. `edit`: something in the work or in the form; `send-again`: the archive certainly does not have
 * the object, so the same bytes may be sent; `ask`: whether it has it is not known, so it is asked for the UID before anything
 * is sent; `new-object`: it holds something else under this UID, so a new one is needed.
 */
export type Recovery = 'edit' | 'send-again' | 'ask' | 'new-object';

/** Where a run begins. */
export type RunStart = 'validate' | 'send' | 'ask';

interface WithForm {
  readonly form: SaveForm;
}

export type SaveState =
  | { readonly phase: 'closed' }
  | ({ readonly phase: 'editing' } & WithForm)
  | ({
      readonly phase: 'running';
      readonly run: number;
      readonly step: SaveStep;
      /** 0 to 1; undefined where the step cannot tell. */
      readonly share: number | undefined;
      /** The object once it has been written: what Download gives. */
      readonly encoded: EncodedSegmentation | undefined;
    } & WithForm)
  | ({
      readonly phase: 'failed';
      readonly step: SaveStep;
      readonly error: AppError;
      readonly recovery: Recovery;
      readonly encoded: EncodedSegmentation | undefined;
    } & WithForm)
  | ({
      readonly phase: 'stored';
      readonly encoded: EncodedSegmentation;
      readonly warnings: readonly string[];
    } & WithForm);

export interface SaveSession {
  readonly save: SaveState;
  /** Source of run numbers: never goes back. */
  readonly serial: number;
}

export type SaveEvent =
  | { readonly kind: 'open'; readonly form: SaveForm }
  | { readonly kind: 'edit'; readonly form: SaveForm }
  | { readonly kind: 'start' }
  /** A series number was found that is free in the study; a number that the reader has typed stays. */
  | { readonly kind: 'suggest-number'; readonly seriesNumber: number; readonly instead: number }
  | { readonly kind: 'at-step'; readonly run: number; readonly step: SaveStep }
  | { readonly kind: 'progress'; readonly run: number; readonly share: number | undefined }
  | { readonly kind: 'encoded'; readonly run: number; readonly encoded: EncodedSegmentation }
  | {
      readonly kind: 'failed';
      readonly run: number;
      readonly step: SaveStep;
      readonly error: AppError;
      readonly recovery: Recovery;
    }
  | { readonly kind: 'stored'; readonly run: number; readonly warnings: readonly string[] }
  | { readonly kind: 'recover' }
  | { readonly kind: 'close' };

export type SaveEffect =
  | { readonly kind: 'run'; readonly run: number; readonly from: RunStart }
  | { readonly kind: 'cancel' };

export const initialSave: SaveSession = { save: { phase: 'closed' }, serial: 0 };
