import type { WindowPreset } from '#core/pixels/intensityWindow.ts';
import type { Result } from '#core/result.ts';
import type {
  CallOptions,
  LabelmapState,
  OpenSeries,
  ReadableState,
  StudySource,
  Tool,
  ViewerPort,
} from '#extension-api';

/** Places on the screen where an image can be. `acquisition` shows the slices as they were acquired (stack order k). */
export type ViewportSlot = 'acquisition' | 'axial' | 'coronal' | 'sagittal';

/** `stack`: the acquisition slot alone; `mpr`: acquisition plane and the two (or three) reformats. */
export type Layout = 'stack' | 'mpr';

/** The engine room, without React: the app attaches elements and calls these. */
export interface Viewer extends ViewerPort {
  /** Gives a slot its element; returns the detach function. */
  attach(slot: ViewportSlot, element: HTMLDivElement): () => void;
  readonly layout: ReadableState<Layout>;
  setLayout(layout: Layout): void;
  /** Slots of the present layout, in reading order. */
  readonly slots: ReadableState<readonly ViewportSlot[]>;
  /** Loads headers, orders the slices, shows them. Progress in slices loaded. The previous series is closed first. */
  open(
    source: StudySource,
    studyInstanceUID: string,
    seriesInstanceUID: string,
    options?: CallOptions,
  ): Promise<Result<OpenSeries>>;
  close(): void;
  /** Loading of the open series' pixels, slices. */
  readonly loading: ReadableState<{ readonly done: number; readonly total: number } | undefined>;
  /** Presets for the open series' modality, in number-key order. */
  readonly presets: ReadableState<readonly WindowPreset[]>;
  applyPreset(preset: WindowPreset): void;
  scroll(slices: number): void;
  zoom(factor: number): void;
  resetView(): void;
  invert(): void;
  setCrosshairs(on: boolean): void;
  registerTools(tools: readonly Tool[]): void;
  /** Shows a labelmap state in all planes, now and whenever it changes. */
  showLabelmap(state: ReadableState<LabelmapState>): () => void;
  /** 0..1 */
  setOverlayOpacity(opacity: number): void;
}
