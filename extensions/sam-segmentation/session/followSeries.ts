import { appError } from '#core/errors.ts';
import { stackIssueText } from '#core/geometry/stackIssueText.ts';
import type { Host, OpenSeries } from '#extension-api';
import type { SessionEvent } from './sessionState.ts';

/** Tells the session which series is open, and whether it may be segmented at all. */
export function followSeries(host: Host, send: (event: SessionEvent) => void, onChange: () => void): () => void {
  const { openSeries } = host.viewer;
  let last: OpenSeries | undefined;
  const follow = (): void => {
    const open = openSeries.getState();
    if (open === last) return;
    last = open;
    onChange();
    send(open === undefined ? { kind: 'series-closed' } : opened(open));
  };
  follow();
  const unfollow = openSeries.subscribe(follow);
  // The reader picks a segment in the list: the lesion goes there. Our own picks come with a lesion that is already accepted.
  const unpick = followActiveSegment(host, send);
  return () => {
    unfollow();
    unpick();
  };
}

function opened({ series: { stack, frames } }: OpenSeries): SessionEvent {
  if (stack.use !== 'view') return { kind: 'series-opened', slices: frames.length };
  return {
    kind: 'series-refused',
    error: appError('geometry-not-usable', 'This series can be viewed, but not segmented.', {
      remedy: 'Open a series whose slices each have one place in the patient.',
      cause: stack.issues.map(stackIssueText).join(' '),
    }),
  };
}

function followActiveSegment(host: Host, send: (event: SessionEvent) => void): () => void {
  let last = host.labelmap.state.getState();
  return host.labelmap.state.subscribe(() => {
    const before = last;
    last = host.labelmap.state.getState();
    const { activeSegment, journal } = last;
    if (activeSegment === before.activeSegment) return;
    if (activeSegment === undefined) send({ kind: 'choose-target', target: { kind: 'new' } });
    // A segment that became active because the labelmap changed (loaded, undone, just accepted) was not picked by anybody; one
    // that was just added and is empty waits to be filled.
    else if (journal === before.journal || !journal.labelmap.voxels.has(activeSegment)) {
      send({ kind: 'choose-target', target: { kind: 'segment', number: activeSegment } });
    }
  });
}
