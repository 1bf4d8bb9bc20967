import { appError } from '#core/errors.ts';
import { text } from '../text.ts';
import type { AppNotices } from './createNotices.ts';

/** A bug outside React: the reader is told, and the work stays. */
export function reportStrayFailures(notices: AppNotices): () => void {
  const report = (thrown: unknown): void => {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return;
    const { unexpected, unexpectedRemedy } = text.failure;
    notices.show({
      kind: 'error',
      error: appError('unexpected', unexpected, { remedy: unexpectedRemedy, cause: thrown }),
    });
  };
  const onError = (event: ErrorEvent): void => {
    // Browsers report a layout that settles a frame later in this way; nothing has failed.
    if (!event.message.startsWith('ResizeObserver loop')) report(event.error ?? event.message);
  };
  const onRejection = (event: PromiseRejectionEvent): void => report(event.reason);
  window.addEventListener('error', onError);
  window.addEventListener('unhandledrejection', onRejection);
  return () => {
    window.removeEventListener('error', onError);
    window.removeEventListener('unhandledrejection', onRejection);
  };
}
