import type { ImageVolume, Types } from '@cornerstonejs/core';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { LabelmapOverlay } from '../overlay/labelmapOverlay.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import type { ViewportSlot } from '../viewer.ts';
import type { Slots } from './slots.ts';

/** What is on the screen besides the images. */
export interface Look {
  readonly window: IntensityWindow | undefined;
  readonly inverted: boolean;
}

/** Puts the open series into the viewports that exist. */
export interface Presenter {
  present(slot: ViewportSlot): Promise<void>;
  forget(slot: ViewportSlot): void;
  /** Applies window and inversion to all viewports that show the series. */
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
  open: () => { readonly slices: OpenSlices; readonly k: number; readonly volume: ImageVolume | undefined } | undefined,
  look: () => Look,
): Presenter {
  const presented = new Set<ViewportSlot>();
  const firstUps = new Map<ViewportSlot, Types.Point3>();

  function viewportOf(slot: ViewportSlot): Shown['viewport'] | undefined {
    return slot === 'acquisition' ? slots.stack() : slots.reformat(slot);
  }

  async function fill(slot: ViewportSlot): Promise<boolean> {
    const present = open();
    if (present === undefined) return false;
    if (slot === 'acquisition') {
      const stack = slots.stack();
      await stack?.setStack([...present.slices.imageIds], present.k);
      return stack !== undefined && slots.stack() === stack && open()?.slices === present.slices;
    }
    const reformat = slots.reformat(slot);
    if (reformat === undefined || present.volume === undefined) return false;
    await reformat.setVolumes([{ volumeId: present.volume.volumeId }]);
    return slots.reformat(slot) === reformat && open()?.slices === present.slices;
  }

  function applyTo(viewport: Shown['viewport']): void {
    const { window, inverted } = look();
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
      applyTo(viewport);
      await overlay.viewportShown(slot);
    },
    forget: (slot) => void presented.delete(slot),
    firstUp: firstUps.get.bind(firstUps),
    applyLook: () => {
      for (const slot of presented) {
        const viewport = viewportOf(slot);
        if (viewport !== undefined) applyTo(viewport);
      }
    },
    shown: () =>
      [...presented].flatMap((slot) => {
        const viewport = viewportOf(slot);
        return viewport === undefined ? [] : [{ slot, viewport }];
      }),
  };
}
