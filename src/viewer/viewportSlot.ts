import type { EdgeLetters } from './display/orientation.ts';

/**
 * Places on the screen where an image can be. `acquisition` shows the slices of the open series as they were acquired (stack order
 * k), `companion` those of another series of the study, which is looked at and never segmented; `solid` the volume as a whole with
 * the surfaces of its segments.
 */
export type ViewportSlot = 'acquisition' | 'companion' | 'axial' | 'coronal' | 'sagittal' | 'solid';

/** What the app writes over a viewport. */
export interface SlotInfo {
  /** Undefined until an image is shown. */
  readonly orientation: EdgeLetters | undefined;
  /** 'Slice 12 / 40 · 34.5 mm'; of a reformatted plane, where it is: '-44.4 mm' */
  readonly sliceLabel: string;
  /** 'W 400 L 40' */
  readonly windowText: string;
  /** 1 where the image fits the viewport. */
  readonly zoom: number;
  /** Millimetres in the patient under one CSS pixel: for the scale bar. */
  readonly millimetresPerPixel: number;
  /** Why the slice shown is empty; undefined where all is well. Must be shown on the image. */
  readonly problem: string | undefined;
  /** What must be known of the slice: that it is only the nearest to where the other pane is, for instance. */
  readonly note: string | undefined;
}

/** What lies under the pointer. */
export interface CursorReading {
  readonly slot: ViewportSlot;
  /** '45 HU' */
  readonly value: string;
  /** Column, row and slice, counted from 0. */
  readonly voxel: readonly [number, number, number];
}
