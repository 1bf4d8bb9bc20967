import type { OpenSlices } from '../series/openSlices.ts';
import type { SlotInfo, ViewportSlot } from '../viewer.ts';
import type { PaneParts, ViewerState } from '../viewerState.ts';
import type { Crosshairs } from './crosshairs.ts';
import { awayFromSlice } from './paneLink.ts';
import type { Presenter } from './presenter.ts';
import { isStack } from './reformats.ts';
import { NOTHING_SHOWN, slotInfoOf } from './slotInfo.ts';
import type { Slots } from './slots.ts';

/** What is written over the viewports. */
export interface Readout {
  /** Cameras, slices or windows changed: read again before the next frame, once, however many changes there were. */
  refresh(): void;
  /** A viewport is closed: nothing is written over it. */
  clear(slot: ViewportSlot): void;
}

/** What is read. */
export interface ReadoutGround {
  readonly slots: Pick<Slots, 'solid'>;
  readonly presenter: Pick<Presenter, 'shown'>;
  readonly crosshairs: Pick<Crosshairs, 'point'>;
  readonly partsOf: (slot: ViewportSlot) => PaneParts;
  /** The series that is segmented. */
  readonly openSlices: () => OpenSlices | undefined;
  readonly isLinked: () => boolean;
}

export function createReadout(infos: ViewerState['infos'], ground: ReadoutGround): Readout {
  const { slots, presenter, crosshairs, partsOf, openSlices } = ground;
  let frame = 0;

  function read(): void {
    frame = 0;
    const point = crosshairs.point();
    const linked = ground.isLinked();
    for (const { slot, viewport } of presenter.shown()) {
      const { life, state: pane } = partsOf(slot);
      const slices = life.slices();
      if (slices === undefined) continue;
      const [k, window] = [pane.currentSlice.getState(), pane.displayWindow.getState()];
      const follows = linked && isStack(slot) && point !== undefined;
      const away = follows ? awayFromSlice(slices.series.stack, k, point) : undefined;
      write(slot, slotInfoOf(slot, viewport, slices, k, window, away));
    }
    const [whole, slices] = [slots.solid(), openSlices()];
    if (whole !== undefined && slices !== undefined && whole.getActors().length > 0) {
      write('solid', slotInfoOf('solid', whole, slices, 0, undefined, undefined));
    }
  }

  /** What did not change stays the same object, so that nothing is drawn again for it. */
  function write(slot: ViewportSlot, next: SlotInfo): void {
    const { orientation: before } = infos[slot].getState();
    const orientation = before && next.orientation && sameEntries(before, next.orientation) ? before : next.orientation;
    const info = { ...next, orientation };
    if (!sameEntries(infos[slot].getState(), info)) infos[slot].set(info);
  }

  return {
    refresh: () => {
      if (frame === 0) frame = requestAnimationFrame(read);
    },
    clear: (slot) => infos[slot].set(NOTHING_SHOWN),
  };
}

/** Whether two objects of one shape have the same values, by Object.is. */
function sameEntries<T extends object>(one: T, other: T): boolean {
  const [a, b] = [Object.entries(one), Object.entries(other)];
  return a.every(([, value], i) => Object.is(value, b[i]?.[1]));
}
