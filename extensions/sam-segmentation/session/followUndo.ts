import type { LabelmapDelta } from '#core/labelmap/delta.ts';
import type { Host, ReadableState } from '#extension-api';
import type { SessionEvent, SessionState } from './sessionState.ts';

/** Tells the session when the step that wrote the accepted lesion is undone: the lesion can then be taken up again. */
export function followUndo(
  host: Host,
  state: ReadableState<SessionState>,
  send: (event: SessionEvent) => void,
): () => void {
  let written: LabelmapDelta | undefined;
  const ends = [
    state.subscribe(() => {
      const accepted = state.getState().lesion.phase === 'accepted';
      if (!accepted) written = undefined;
      else written ??= host.labelmap.state.getState().journal.past.at(-1);
    }),
    host.labelmap.state.subscribe(() => {
      if (written === undefined || host.labelmap.state.getState().journal.past.includes(written)) return;
      written = undefined;
      send({ kind: 'uncommitted' });
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
