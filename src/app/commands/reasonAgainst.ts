import { stackIssueText } from '#core/geometry/stackIssueText.ts';
import type { Command } from '#extension-api';
import type { Viewer } from '#viewer';
import { text } from '../text.ts';

const NEEDS_GEOMETRY: ReadonlySet<Command['group']> = new Set(['prompt', 'propagate', 'segment']);

/** Why the open series forbids a command; undefined where it does not. */
export function reasonAgainst(
  { id, group }: Pick<Command, 'id' | 'group'>,
  { openSeries, failures }: Pick<Viewer, 'openSeries' | 'failures'>,
): string | undefined {
  const stack = openSeries.getState()?.series.stack;
  if (stack === undefined) return undefined;
  if (NEEDS_GEOMETRY.has(group)) return stack.use === 'view' ? text.series.viewOnly : undefined;
  if (id !== 'view.mpr') return undefined;
  if (stack.grid === undefined) return stack.issues.map(stackIssueText).join(' ');
  return failures.getState().length > 0 ? text.series.noReformats : undefined;
}
