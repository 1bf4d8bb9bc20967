import type { DicomDataset } from '#core/dicom/dataset.ts';
import { appError } from '#core/errors.ts';
import type { Journal } from '#core/labelmap/journal.ts';
import { isJournalText, isStepText } from '#core/labelmap/workShape.ts';
import { type WorkStep, withStep } from '#core/labelmap/workStep.ts';
import {
  type JournalText,
  journalOfText,
  journalText,
  type StepText,
  stepOfText,
  stepText,
  WORK_FORMAT,
} from '#core/labelmap/workText.ts';
import { err, ok, type Result } from '#core/result.ts';

/** Everything that is unsaved on one series. */
export interface Work {
  readonly journal: Journal;
  /** Header of the stored object that the labelmap came from. */
  readonly origin: DicomDataset | undefined;
  /** What extensions have that is not accepted yet, by extension. */
  readonly drafts: ReadonlyMap<string, unknown>;
}

/** What happened to the work. */
export type WorkChange =
  | { readonly kind: 'step'; readonly step: WorkStep }
  | { readonly kind: 'draft'; readonly owner: string; readonly draft: unknown };

type Piece =
  | {
      readonly format: number;
      readonly kind: 'snapshot';
      readonly journal: JournalText;
      readonly origin?: DicomDataset;
      readonly drafts: readonly (readonly [string, unknown])[];
    }
  | { readonly format: number; readonly kind: 'step'; readonly step: StepText }
  | { readonly format: number; readonly kind: 'draft'; readonly owner: string; readonly draft?: unknown };

const bytesOf = (piece: Piece): Uint8Array => new TextEncoder().encode(JSON.stringify(piece));

export const snapshotPiece = ({ journal, origin, drafts }: Work): Uint8Array =>
  bytesOf({
    format: WORK_FORMAT,
    kind: 'snapshot',
    journal: journalText(journal),
    ...(origin === undefined ? {} : { origin }),
    drafts: [...drafts],
  });

export const changePiece = (change: WorkChange): Uint8Array =>
  bytesOf(
    change.kind === 'step'
      ? { format: WORK_FORMAT, kind: 'step', step: stepText(change.step) }
      : { format: WORK_FORMAT, kind: 'draft', owner: change.owner, draft: change.draft },
  );

/** Plays a snapshot and what came after it. Errors: `kept-by-other-version`, `kept-work-damaged`. */
export function workOf(pieces: readonly Uint8Array[]): Result<Work> {
  try {
    let work: Work | undefined;
    for (const bytes of pieces) {
      // Of this version, it is what we wrote, unless a disk or a hand changed it: what decides is looked at below.
      const piece = JSON.parse(new TextDecoder().decode(bytes)) as Piece;
      if (piece.format !== WORK_FORMAT) return err(otherVersion());
      if (piece.kind === 'snapshot') {
        if (!isJournalText(piece.journal)) return err(damaged('its snapshot is none'));
        work = { journal: journalOfText(piece.journal), origin: piece.origin, drafts: new Map(piece.drafts) };
      } else if (work === undefined) return err(damaged('it does not begin with a snapshot'));
      else if (piece.kind === 'step') {
        if (!isStepText(piece.step, work.journal.labelmap.size)) return err(damaged('one of its steps is none'));
        work = { ...work, journal: withStep(work.journal, stepOfText(piece.step)) };
      } else if (piece.kind !== 'draft' || typeof piece.owner !== 'string') return err(damaged('a piece of no kind'));
      else work = { ...work, drafts: withDraft(work.drafts, piece.owner, piece.draft) };
    }
    return work === undefined ? err(damaged('it is empty')) : ok(work);
  } catch (thrown) {
    return err(damaged(thrown));
  }
}

export function withDraft(
  drafts: ReadonlyMap<string, unknown>,
  owner: string,
  draft: unknown,
): ReadonlyMap<string, unknown> {
  const next = new Map(drafts);
  if (draft === undefined) next.delete(owner);
  else next.set(owner, draft);
  return next;
}

const otherVersion = () =>
  appError('kept-by-other-version', 'The work was kept by another version of VoxPrompt.', {
    remedy: 'Open it with that version, or discard it.',
  });

const damaged = (cause: unknown) => appError('kept-work-damaged', 'The kept work cannot be read.', { cause });
