import { createStore } from 'zustand/vanilla';
import type { ReadableState } from '#extension-api';
import type { StudySummary } from './summaries.ts';

/** A study that was opened, as far as the list shows it again. */
export interface RecentStudy extends Pick<StudySummary, 'studyInstanceUID' | 'patientName' | 'patientId' | 'date'> {
  readonly sourceId: string;
}

/** The studies opened last, newest first. */
export interface RecentStudies {
  readonly state: ReadableState<readonly RecentStudy[]>;
  add(study: RecentStudy): void;
  clear(): void;
}

const KEY = 'voxprompt.recent';
const KEPT = 6;

/**
 * Kept for this tab alone and gone with it (session storage): names of patients are not left behind on a shared workstation. The
 * storage key says nothing of anybody.
 */
export function createRecentStudies(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): RecentStudies {
  const state = createStore<{ readonly value: readonly RecentStudy[] }>(() => ({
    value: parsed(storage.getItem(KEY)),
  }));
  return {
    state: { getState: () => state.getState().value, subscribe: state.subscribe },
    add(study) {
      const others = state
        .getState()
        .value.filter(
          ({ studyInstanceUID, sourceId }) =>
            studyInstanceUID !== study.studyInstanceUID || sourceId !== study.sourceId,
        );
      state.setState({ value: [study, ...others].slice(0, KEPT) });
      storage.setItem(KEY, JSON.stringify(state.getState().value));
    },
    clear() {
      state.setState({ value: [] });
      storage.removeItem(KEY);
    },
  };
}

/** What cannot be read is not worth a message: the list is only a shortcut. */
function parsed(stored: string | null): readonly RecentStudy[] {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: Partial<Record<keyof RecentStudy, unknown>>) => {
    const { studyInstanceUID, sourceId, patientName, patientId, date } = entry ?? {};
    if (typeof studyInstanceUID !== 'string' || typeof sourceId !== 'string') return [];
    const shown = (field: unknown): string | undefined => (typeof field === 'string' ? field : undefined);
    return {
      studyInstanceUID,
      sourceId,
      patientName: shown(patientName),
      patientId: shown(patientId),
      date: shown(date),
    };
  });
}
