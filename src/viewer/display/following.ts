import { parseImageId } from '../series/openSlices.ts';
import type { ViewportSlot } from '../viewer.ts';
import type { PaneParts } from '../viewerState.ts';
import type { Crosshairs } from './crosshairs.ts';
import type { Presenter } from './presenter.ts';
import type { Readout } from './readout.ts';
import { isReformat, isStack } from './reformats.ts';
import type { Scrolling } from './scrolling.ts';
import type { Slots } from './slots.ts';

/** Keeps what the viewer says of its slices equal to what its viewports show. */
export interface Following {
  /** Fills a viewport with its series, at the point that the others are at. */
  present(slot: ViewportSlot): Promise<void>;
  /** A viewport shows another slice, or another part of it. */
  moved(slot: ViewportSlot): void;
}

/** Who moves, and who follows. */
export interface FollowingGround {
  readonly slots: Pick<Slots, 'stack'>;
  readonly presenter: Pick<Presenter, 'present'>;
  readonly scrolling: Pick<Scrolling, 'isLed'>;
  readonly crosshairs: Crosshairs;
  readonly readout: Readout;
  readonly partsOf: (slot: ViewportSlot) => PaneParts;
}

export function createFollowing(ground: FollowingGround): Following {
  const { slots, presenter, scrolling, crosshairs, readout, partsOf } = ground;
  const filling = new Set<ViewportSlot>();

  function stackMoved(slot: 'acquisition' | 'companion'): void {
    const { life, state: pane } = partsOf(slot);
    const shown = parseImageId(slots.stack(slot)?.getCornerstoneImage()?.imageId ?? '');
    if (shown === undefined || shown.opening !== life.slices()?.opening) return;
    if (shown.k === pane.currentSlice.getState()) return;
    pane.currentSlice.set(shown.k);
    if (scrolling.isLed(slot, shown.k)) crosshairs.redraw();
    else if (slot === 'acquisition') crosshairs.sliceChanged(shown.k);
    else crosshairs.companionMoved(shown.k);
  }

  return {
    present: async (slot) => {
      filling.add(slot);
      await presenter.present(slot).finally(() => filling.delete(slot));
      const point = crosshairs.point();
      if (isReformat(slot) && point !== undefined) crosshairs.moveTo(point, 'acquisition');
      readout.refresh();
    },
    moved: (slot) => {
      // While it is filled it goes to its own middle, which is nobody's wish: it comes to the point when it is shown.
      if (isReformat(slot) && !filling.has(slot)) crosshairs.reformatMoved(slot);
      if (isStack(slot)) stackMoved(slot);
      readout.refresh();
    },
  };
}
