import type { ImageVolume, Types } from '@cornerstonejs/core';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { LabelmapOverlay } from '../overlay/labelmapOverlay.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import type { ViewportSlot } from '../viewer.ts';
import type { Slots } from './slots.ts';

/** A series, where it is and how it looks. */
export interface Shelf {
  readonly slices: OpenSlices;
  readonly k: number;
  readonly volume: ImageVolume | undefined;
  readonly window: IntensityWindow | undefined;
  readonly inverted: boolean;
}

/** Puts each series into the viewports that are there for it. */
export interface Presenter {
  present(slot: ViewportSlot): Promise<void>;
  forget(slot: ViewportSlot): void;
  /** Applies windows and inversions to all viewports that show something. */
  applyLook(): void;
  readonly shown: () => readonly Shown[];
  /** What pointed up in the slot when the series was first shown in it. */
  readonly firstUp: (slot: ViewportSlot) => Types.Point3 | undefined;
}

export interface Shown {
  readonly slot: ViewportSlot;
  readonly viewport: Types.IStackViewport | Types.IVolumeViewport;
}

export function createPresenter(
  slots: Slots,
  overlay: LabelmapOverlay,
  /** What a slot has to show. */
  shelf: (slot: ViewportSlot) => Shelf | undefined,
): Presenter {
  const presented = new Set<ViewportSlot>();
  const firstUps = new Map<ViewportSlot, Types.Point3>();

  function viewportOf(slot: ViewportSlot): Shown['viewport'] | undefined {
    return slots.stack(slot) ?? slots.reformat(slot);
  }

  async function fill(slot: ViewportSlot): Promise<boolean> {
    const present = shelf(slot);
    if (present === undefined) return false;
    const stack = slots.stack(slot);
    if (stack !== undefined) {
      await stack.setStack([...present.slices.imageIds], present.k);
      return slots.stack(slot) === stack && shelf(slot)?.slices === present.slices;
    }
    const reformat = slots.reformat(slot);
    if (reformat === undefined || present.volume === undefined) return false;
    // A layout that is only passed through shows nothing; and Cornerstone fails where a viewport is closed while it is filled.
    await new Promise((resolve) => setTimeout(resolve));
    if (slots.reformat(slot) !== reformat) return false;
    try {
      await reformat.setVolumes([{ volumeId: present.volume.volumeId }]);
    } catch (thrown) {
      if (slots.reformat(slot) === reformat) throw thrown;
    }
    return slots.reformat(slot) === reformat && shelf(slot)?.slices === present.slices;
  }

  function applyTo(slot: ViewportSlot, viewport: Shown['viewport']): void {
    const present = shelf(slot);
    if (present === undefined) return;
    const { window, inverted } = present;
    viewport.setProperties({
      invert: inverted,
      ...(window === undefined ? {} : { voiRange: { lower: window.lower, upper: window.upper } }),
    });
    viewport.render();
  }

  return {
    present: async (slot) => {
      if (!(await fill(slot))) return;
      presented.add(slot);
      const viewport = viewportOf(slot)!;
      const { viewUp } = viewport.getCamera();
      if (viewUp !== undefined) firstUps.set(slot, [...viewUp]);
      applyTo(slot, viewport);
      // The labelmap is that of the open series, and has no place on another.
      if (slot !== 'companion') await overlay.viewportShown(slot);
    },
    forget: (slot) => void presented.delete(slot),
    firstUp: firstUps.get.bind(firstUps),
    applyLook: () => {
      for (const slot of presented) {
        const viewport = viewportOf(slot);
        if (viewport !== undefined) applyTo(slot, viewport);
      }
    },
    shown: () =>
      [...presented].flatMap((slot) => {
        const viewport = viewportOf(slot);
        return viewport === undefined ? [] : [{ slot, viewport }];
      }),
  };
}
