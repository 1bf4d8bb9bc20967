import { useReadable } from '#ui';
import type { SamSession } from '../../session/session.ts';

/** Whether a lesion is being worked on: it is one model's, so the model must stay. */
export function useLesionOpen(session: SamSession): boolean {
  const { phase } = useReadable(session.state).lesion;
  return phase === 'prompting' || phase === 'propagating' || phase === 'reviewing';
}
