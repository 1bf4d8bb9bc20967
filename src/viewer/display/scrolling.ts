import type { PaneState } from '../viewerState.ts';
import type { Presenter } from './presenter.ts';
import type { Slots } from './slots.ts';

/** Slots that show slices as they are. */
export type StackSlot = 'acquisition' | 'companion';

/** Which slice a pane is at. */
export interface Scrolling {
  /** Resolves when the slice is on the screen. */
  goTo(slot: StackSlot, k: number): Promise<void>;
  /** As {@link goTo}, but not as the reader's doing: whoever follows the reader must not follow this. */
  lead(slot: StackSlot, k: number): void;
  readonly isLed: (slot: StackSlot, k: number) => boolean;
}

export function createScrolling(
  slots: Slots,
  presenter: Pick<Presenter, 'shown'>,
  stateOf: (slot: StackSlot) => PaneState,
): Scrolling {
  const led: Record<StackSlot, number[]> = { acquisition: [], companion: [] };

  async function goTo(slot: StackSlot, k: number): Promise<void> {
    const { openSeries, currentSlice } = stateOf(slot);
    const open = openSeries.getState();
    if (open === undefined) return;
    const target = Math.min(open.imageIds.length - 1, Math.max(0, Math.round(k)));
    const stack = slots.stack(slot);
    if (stack === undefined || presenter.shown().every((shown) => shown.slot !== slot)) currentSlice.set(target);
    else await stack.setImageIdIndex(target);
  }

  return {
    goTo,
    lead: (slot, k) => {
      if ((slots.stack(slot)?.getTargetImageIdIndex() ?? stateOf(slot).currentSlice.getState()) === k) return;
      led[slot].push(k);
      // What comes after the slice (its event) comes before the promise.
      void goTo(slot, k).finally(() => led[slot].splice(led[slot].indexOf(k), 1));
    },
    isLed: (slot, k) => led[slot].includes(k),
  };
}
