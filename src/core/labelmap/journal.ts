import { applyDelta, deltaBetween, isEmptyDelta, type LabelmapDelta, revertDelta } from './delta.ts';
import type { Labelmap } from './labelmap.ts';

/** A labelmap with its history: undo and redo walk over deltas. Immutable. */
export interface Journal {
  readonly labelmap: Labelmap;
  readonly past: readonly LabelmapDelta[];
  readonly future: readonly LabelmapDelta[];
}

export const journalOf = (labelmap: Labelmap): Journal => ({ labelmap, past: [], future: [] });

/** Commits the step from the present labelmap to `next`; nothing where they are equal. */
export function commit(journal: Journal, label: string, next: Labelmap): Journal {
  const delta = deltaBetween(label, journal.labelmap, next);
  if (isEmptyDelta(delta)) return journal;
  return { labelmap: next, past: [...journal.past, delta], future: [] };
}

export function undo(journal: Journal): Journal {
  const delta = journal.past.at(-1);
  if (delta === undefined) return journal;
  return {
    labelmap: revertDelta(journal.labelmap, delta),
    past: journal.past.slice(0, -1),
    future: [delta, ...journal.future],
  };
}

export function redo(journal: Journal): Journal {
  const [delta, ...future] = journal.future;
  if (delta === undefined) return journal;
  return { labelmap: applyDelta(journal.labelmap, delta), past: [...journal.past, delta], future };
}
