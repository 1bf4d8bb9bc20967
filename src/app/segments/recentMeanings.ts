import { createStore } from 'zustand/vanilla';
import type { SegmentMeaning } from '#core/terminology/segmentMeaning.ts';
import { SEGMENT_MEANINGS, withRecent } from '#core/terminology/segmentTypes.ts';
import type { ReadableState } from '#extension-api';

/** The segment types that were used last, over visits: codes, and nothing of any patient. */
export interface RecentMeanings {
  readonly state: ReadableState<readonly SegmentMeaning[]>;
  use(meaning: SegmentMeaning): void;
}

const KEY = 'voxprompt.recent-types';

export function createRecentMeanings(storage: Pick<Storage, 'getItem' | 'setItem'>): RecentMeanings {
  const store = createStore<{ readonly value: readonly SegmentMeaning[] }>(() => ({
    value: parsed(storage.getItem(KEY)),
  }));
  return {
    state: { getState: () => store.getState().value, subscribe: store.subscribe },
    use({ category, type }) {
      const value = withRecent(store.getState().value, { category, type });
      store.setState({ value });
      storage.setItem(KEY, JSON.stringify(value.map((meaning) => meaning.type.value)));
    },
  };
}

/** Only what is on our own list: what lies in the storage may be anything. */
function parsed(stored: string | null): readonly SegmentMeaning[] {
  try {
    const values: unknown = JSON.parse(stored ?? '[]');
    if (!Array.isArray(values)) return [];
    return values.flatMap((value) => SEGMENT_MEANINGS.find(({ type }) => type.value === value) ?? []);
  } catch {
    return [];
  }
}
