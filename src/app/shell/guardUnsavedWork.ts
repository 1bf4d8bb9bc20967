import type { ReadableState } from '#extension-api';

/** The browser asks before the page is left with segments that were not stored. */
export function guardUnsavedWork(target: Window, unsaved: ReadableState<boolean>): () => void {
  const onLeave = (event: BeforeUnloadEvent): void => {
    if (unsaved.getState()) event.preventDefault();
  };
  target.addEventListener('beforeunload', onLeave);
  return () => target.removeEventListener('beforeunload', onLeave);
}
