import type { Host } from '#extension-api';
import type { SamSession } from './session.ts';

/** Where a box has been drawn is where the reader looks: the other planes come to it, once it is let go. */
export function bringPlanesToBox(host: Host, session: SamSession): () => void {
  let last: unknown;
  return session.state.subscribe(() => {
    const { lesion, history } = session.state.getState();
    if (!('prompts' in lesion) || history.held !== undefined) return;
    const k = host.viewer.currentSlice.getState();
    const box = lesion.prompts.slices.get(k)?.box;
    if (box === undefined || box === last) return;
    last = box;
    host.viewer.bringPlanes?.(k, box);
  });
}
