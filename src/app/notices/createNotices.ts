import { createStore } from 'zustand/vanilla';
import type { Notice, NoticePort, ReadableState } from '#extension-api';

export interface ShownNotice {
  readonly id: number;
  readonly notice: Notice;
  /** How often the same was said. */
  readonly count: number;
}

export interface NoticeState {
  readonly shown: readonly ShownNotice[];
  /** What a screen reader is told next. */
  readonly announcement: string;
}

export interface AppNotices extends NoticePort {
  readonly state: ReadableState<NoticeState>;
  dismiss(id: number): void;
}

const GOES_AFTER_MS = 6000;
const AT_MOST = 5;

/** Errors and warnings stay until dismissed; the rest goes by itself. The same notice again only counts up. */
export function createNotices(): AppNotices {
  const state = createStore<NoticeState>(() => ({ shown: [], announcement: '' }));
  let lastId = 0;
  const dismiss = (id: number): void =>
    state.setState(({ shown }) => ({ shown: shown.filter((entry) => entry.id !== id) }));

  return {
    state,
    dismiss,
    announce: (announcement) => state.setState({ announcement }),
    show(notice) {
      const { shown } = state.getState();
      const same = shown.find((entry) => keyOf(entry.notice) === keyOf(notice));
      lastId += 1;
      const entry = { id: lastId, notice, count: (same?.count ?? 0) + 1 };
      state.setState({ shown: [...shown.filter((other) => other !== same), entry].slice(-AT_MOST) });
      if (notice.kind === 'info' || notice.kind === 'success') setTimeout(() => dismiss(entry.id), GOES_AFTER_MS);
    },
  };
}

const keyOf = (notice: Notice): string =>
  notice.kind === 'error'
    ? `error ${notice.error.code} ${notice.error.message} ${notice.error.cause ?? ''}`
    : `${notice.kind} ${notice.title} ${notice.detail ?? ''}`;
