import type { LabelmapDelta } from './delta.ts';
import { applyDelta } from './delta.ts';
import { type Journal, redo, undo } from './journal.ts';
import type { Segment } from './segment.ts';

/**
 * One thing that happened to a journal, so that what was done can be played again. Undo and redo carry the list of segments
 * that they left, because eyes and padlocks are not undone.
 */
export type WorkStep =
  | { readonly kind: 'commit'; readonly delta: LabelmapDelta }
  | { readonly kind: 'undo' | 'redo' | 'display'; readonly segments: readonly Segment[] };

/** The step that leads from one journal to the next; undefined where it is none (another history was put in its place). */
export function stepBetween(before: Journal, after: Journal): WorkStep | undefined {
  const [was, is] = [before.labelmap.size, after.labelmap.size];
  if (was.columns !== is.columns || was.rows !== is.rows || was.slices !== is.slices) return undefined;
  const last = after.past.at(-1);
  const { segments } = after.labelmap;
  switch (after.past.length - before.past.length) {
    case 0:
      return last === before.past.at(-1) && after.labelmap.voxels === before.labelmap.voxels
        ? { kind: 'display', segments }
        : undefined;
    case 1:
      if (last === undefined || after.past.at(-2) !== before.past.at(-1)) return undefined;
      return last === before.future[0] ? { kind: 'redo', segments } : { kind: 'commit', delta: last };
    case -1:
      return after.future[0] === before.past.at(-1) ? { kind: 'undo', segments } : undefined;
    default:
      return undefined;
  }
}

/** Plays one step. */
export function withStep(journal: Journal, step: WorkStep): Journal {
  switch (step.kind) {
    case 'commit':
      return {
        labelmap: applyDelta(journal.labelmap, step.delta),
        past: [...journal.past, step.delta],
        future: [],
      };
    case 'undo':
      return withSegments(undo(journal), step.segments);
    case 'redo':
      return withSegments(redo(journal), step.segments);
    case 'display':
      return withSegments(journal, step.segments);
  }
}

const withSegments = (journal: Journal, segments: readonly Segment[]): Journal => ({
  ...journal,
  labelmap: { ...journal.labelmap, segments },
});
