import { stackIssueText } from '#core/geometry/stackIssueText.ts';
import type { Command } from '#extension-api';
import type { Viewer } from '#viewer';
import { text } from '../text.ts';

const NEEDS_GEOMETRY: ReadonlySet<Command['group']> = new Set(['prompt', 'propagate', 'segment']);

/** Why the open series forbids a command; undefined where it does not. */
export function reasonAgainst(
  { id, group, activates, shortcut }: Pick<Command, 'id' | 'group' | 'activates' | 'shortcut'>,
  { openSeries, failures, promptsHere }: Pick<Viewer, 'openSeries' | 'failures' | 'promptsHere'>,
): string | undefined {
  const stack = openSeries.getState()?.series.stack;
  if (stack === undefined) return undefined;
  // A tool may be taken in hand anywhere; a key that prompts would prompt on an image that the reader does not look at.
  const promptsByKey = group === 'prompt' && activates === undefined && shortcut !== undefined;
  if (promptsByKey && !promptsHere.getState()) return text.panes.promptsElsewhere;
  if (NEEDS_GEOMETRY.has(group)) return stack.use === 'view' ? text.series.viewOnly : undefined;
  if (id !== 'view.mpr' && id !== 'view.quad') return undefined;
  if (stack.grid === undefined) return stack.issues.map(stackIssueText).join(' ');
  return failures.getState().length > 0 ? text.series.noReformats : undefined;
}
