import type { Stack } from '#core/geometry/stack.ts';
import type { Layout } from '../viewer.ts';
import type { ViewerState } from '../viewerState.ts';
import { slotsOfLayout } from './reformats.ts';

/** Which slots are on the screen, and in which order. */
export interface Arrangement {
  /** Asks for a layout; one that needs the volume comes when that is there. */
  want(layout: Layout): void;
  /** The volume of the series is complete: what was asked for is shown. */
  volumeReady(): void;
  /** There is no volume, or none yet: of what is asked for, what needs none. */
  withoutVolume(): void;
  /** The two series of a pair change places. */
  swap(): void;
}

type Arranged = Pick<ViewerState, 'layout' | 'wantedLayout' | 'canReformat' | 'slots' | 'activeSlot'>;

/** Layouts with planes through the volume. */
const NEEDS_VOLUME: ReadonlySet<Layout> = new Set(['mpr', 'quad']);

/** @param stack of the series that is segmented, undefined while there is none */
export function createArrangement(state: Arranged, stack: () => Stack | undefined): Arrangement {
  let swapped = false;

  function show(next: Layout): void {
    state.layout.set(next);
    const shown = slotsOfLayout(next, stack()?.normal ?? [0, 0, 1]);
    state.slots.set(next === 'pair' && swapped ? shown.toReversed() : shown);
    if (!shown.includes(state.activeSlot.getState())) state.activeSlot.set('acquisition');
  }

  return {
    want: (next) => {
      state.wantedLayout.set(next);
      if (!NEEDS_VOLUME.has(next) || state.canReformat.getState()) show(next);
    },
    volumeReady: () => show(state.wantedLayout.getState()),
    withoutVolume: () => {
      const wanted = state.wantedLayout.getState();
      show(NEEDS_VOLUME.has(wanted) ? 'stack' : wanted);
    },
    swap: () => {
      swapped = !swapped;
      show(state.layout.getState());
    },
  };
}
