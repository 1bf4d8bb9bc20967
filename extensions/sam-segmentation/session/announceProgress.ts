import type { Host } from '#extension-api';
import { text } from '../text.ts';
import type { SamSession } from './session.ts';

/** A screen reader is told of slices that arrive, but not of each one. */
const EVERY_MS = 5000;

export function announceProgress(host: Host, session: SamSession): () => void {
  let last = 0;
  return session.state.subscribe(() => {
    const { lesion } = session.state.getState();
    if (lesion.phase !== 'propagating' || lesion.done === 0 || Date.now() - last < EVERY_MS) return;
    last = Date.now();
    const { expected } = lesion;
    const of = expected === undefined ? undefined : expected.last - expected.first + 1;
    host.notices.announce(text.told.progress(lesion.done, of));
  });
}
