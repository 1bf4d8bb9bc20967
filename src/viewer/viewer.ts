import type { AppError } from '#core/errors.ts';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { IntensityWindow, WindowPreset } from '#core/pixels/intensityWindow.ts';
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
import type { ValueRange } from './tools/brushStroke.ts';
import type { Caliper } from './tools/caliperTool.ts';
import type { CursorReading, SlotInfo, ViewportSlot } from './viewportSlot.ts';

export type { Caliper, CursorReading, SlotInfo, ValueRange, ViewportSlot };

/**
 * `stack`: the acquisition slot alone; `pair`: a second series beside it; `mpr`: acquisition plane and the two (or three)
 * reformats; `quad`: acquisition plane, two reformats, and the volume as a whole.
 */
export type Layout = (typeof LAYOUT_NAMES)[number];
export const LAYOUT_NAMES = ['stack', 'pair', 'mpr', 'quad'] as const;

/**
 * How the two series of the pair hang together. `linked`: both follow one point of the patient; `free`: they could, and the reader
 * wants otherwise; `apart`: they cannot, because nothing says where one lies in the other.
 */
export type PaneLink =
  | { readonly kind: 'linked' | 'free' }
  | { readonly kind: 'apart'; readonly reason: 'no-frame' | 'other-frame' | 'no-place' };

/** One series on the screen, with what belongs to it alone. */
export interface Pane {
  readonly openSeries: ReadableState<OpenSeries | undefined>;
  readonly currentSlice: ReadableState<number>;
  readonly displayWindow: ReadableState<IntensityWindow | undefined>;
  /** Presets for its modality, in number-key order. */
  readonly presets: ReadableState<readonly WindowPreset[]>;
  readonly inverted: ReadableState<boolean>;
  /** Loading of its pixels, slices; undefined when all are there. */
  readonly loading: ReadableState<{ readonly done: number; readonly total: number } | undefined>;
  /** Slices that could not be loaded. */
  readonly failures: ReadableState<readonly SliceFailure[]>;
}

/** The second series of the pair. */
export interface Companion extends Pane {
  /**
   * As {@link Viewer.open}; the open series stays. Errors also: `other-study`, since the patient's banner speaks of one study;
   * `same-series`.
   */
  open: Viewer['open'];
  close(): void;
}

/** Names of the tools that the viewer brings; contributed ones come on top. */
export type BuiltInTool =
  | 'WindowLevel'
  | 'Pan'
  | 'Zoom'
  | 'StackScroll'
  | 'Crosshairs'
  | 'Length'
  | 'Bidirectional'
  | 'EllipticalROI'
  | 'Angle'
  | 'Probe'
  | 'Brush'
  | 'Eraser'
  | 'ThresholdBrush';

/** A window preset of the reader's own. */
export interface OwnPreset {
  readonly modality: string;
  readonly name: string;
  /** In the units in which values are shown; of a PET, SUV. */
  readonly centre: number;
  readonly width: number;
}

/** A small picture of a series. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel, as ImageData takes them. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** A slice whose pixels are not to be had. */
export interface SliceFailure {
  readonly k: number;
  readonly sopInstanceUID: string;
  readonly error: AppError;
}

/** The engine room, without React: the app attaches elements and calls these. */
export interface Viewer extends ViewerPort, Pane {
  readonly displayWindow: ViewerPort['displayWindow'];
  readonly openSeries: ViewerPort['openSeries'];
  readonly currentSlice: ViewerPort['currentSlice'];
  readonly promptsHere: ReadableState<boolean>;
  /** Gives a slot its element; returns the detach function. The element must be positioned and have a size. */
  attach(slot: ViewportSlot, element: HTMLDivElement): () => void;
  readonly layout: ReadableState<Layout>;
  /** 'mpr' and 'quad' are kept for later while {@link canReformat} is false. */
  setLayout(layout: Layout): void;
  /** What was last asked for: what is shown as soon as it can be. */
  readonly wantedLayout: ReadableState<Layout>;
  /** Whether the open series has reformats: its geometry is a volume, and all its slices are loaded. */
  readonly canReformat: ReadableState<boolean>;
  /** Slots of the present layout, in reading order. */
  readonly slots: ReadableState<readonly ViewportSlot[]>;
  /** Brought up to date once a frame, with the image. */
  slotInfo(slot: ViewportSlot): ReadableState<SlotInfo>;
  /** The slot that the reader last worked in: what flip, rotation and keys of the view apply to. */
  readonly activeSlot: ReadableState<ViewportSlot>;
  setActiveSlot(slot: ViewportSlot): void;
  /** The series of the active slot: what window, presets, inversion, and scrolling by keys apply to. */
  readonly activePane: ReadableState<Pane>;
  readonly companion: Companion;
  /** Undefined without a companion. */
  readonly link: ReadableState<PaneLink | undefined>;
  /** Whether the panes of a pair may follow each other, where they can. */
  setLinked(on: boolean): void;
  /** The two panes of the pair change places; what is segmented stays what it is. */
  swapPanes(): void;
  /**
   * Loads headers, orders the slices, shows the middle one; the others follow in the background, told by {@link loading}.
   * The previous series is closed first. Errors: those of the source and of core's imageSeriesOf; `pixels-unavailable` where
   * the first slice cannot be shown. A cancelled call rejects with `signal.reason` and leaves nothing open.
   */
  open(
    source: StudySource,
    studyInstanceUID: string,
    seriesInstanceUID: string,
    options?: CallOptions,
  ): Promise<Result<OpenSeries>>;
  close(): void;
  /**
   * The middle slice of any series, small and windowed. Nothing that is open is touched. Errors: those of the source, of core's
   * imageSeriesOf and of decoding. A cancelled call rejects.
   */
  thumbnail(
    source: StudySource,
    studyInstanceUID: string,
    seriesInstanceUID: string,
    options?: CallOptions,
  ): Promise<Result<Thumbnail>>;
  applyPreset(preset: WindowPreset): void;
  /** Presets of the reader's own for any modality: they come first. */
  setOwnPresets(presets: readonly OwnPreset[]): void;
  setWindow(window: IntensityWindow): void;
  /** Moves the active pane by this many slices, stopping at the ends. */
  scroll(slices: number): void;
  /** The active pane's first or last slice. */
  scrollToEnd(end: 'first' | 'last'): void;
  zoom(factor: number): void;
  /** Turns the view of the whole volume as seen, degrees. */
  turnVolume(right: number, down: number): void;
  /** Mirrors the active slot; what is measured and segmented does not change. */
  flip(axis: 'horizontal' | 'vertical'): void;
  /** Turns the active slot clockwise. */
  rotate(degrees: number): void;
  /** Goes to a slice and enlarges a box on it in all planes. @param box centres of its corner pixels, px of the slice */
  zoomTo(k: number, box: SliceBox): void;
  /** Whether slices run by themselves; scrolling by hand ends it. */
  readonly playing: ReadableState<boolean>;
  setPlaying(on: boolean): void;
  readonly framesPerSecond: ReadableState<number>;
  setFramesPerSecond(framesPerSecond: number): void;
  /** Value and voxel under the pointer; undefined outside of the series. */
  readonly cursor: ReadableState<CursorReading | undefined>;
  /** Fits all images, and brings back the first window. */
  resetView(): void;
  invert(): void;
  readonly crosshairs: ReadableState<boolean>;
  setCrosshairs(on: boolean): void;
  /** Moves the crosshair's point by so many pixels of the active slot, right and down as seen. */
  moveCrosshair(right: number, down: number): void;
  /** Measurements on the open series. */
  readonly measurements: ReadableState<number>;
  /**
   * Marks the crosshair's point for the active measuring tool: what a click does. The last point that it needs completes it.
   * @returns points that are still wanted; undefined where the active tool measures nothing
   */
  markPoint(): number | undefined;
  removeLastMeasurement(): void;
  clearMeasurements(): void;
  /** Adds contributed tools. They work in the acquisition slot; with `configuration.reformats === true` in all. */
  registerTools(tools: readonly Tool[]): void;
  /** Whether the primary button does there what the tool is for. */
  worksIn(slot: ViewportSlot, toolName: string): boolean;
  /** Shows a labelmap state in all planes, now and whenever it changes. */
  showLabelmap(state: ReadableState<LabelmapState>): () => void;
  /** Draws diameters on the acquired slices that they were measured on, now and whenever they change. */
  showCalipers(state: ReadableState<readonly Caliper[]>): () => void;
  readonly overlayOpacity: ReadableState<number>;
  /** 0..1: of the fill; at 0 outlines vanish too. */
  setOverlayOpacity(opacity: number): void;
  /** Radius of the brushes in the patient, mm; kept between a pixel and an organ. */
  readonly brushRadius: ReadableState<number>;
  setBrushRadius(millimetres: number): void;
  /** Modality values that the threshold brush paints; undefined: those that are usual under its first touch. */
  readonly brushRange: ReadableState<ValueRange | undefined>;
  setBrushRange(range: ValueRange | undefined): void;
  /** What the last stroke of the threshold brush painted. */
  readonly lastBrushRange: ReadableState<ValueRange | undefined>;
  /**
   * Called when a stroke of a brush ends, with the new mask on slice k of what it was begun on: the pending work where there is
   * some, else the active segment (a new mask where none is active). To be committed as one undo step during the call: after it
   * the stroke is no longer shown.
   */
  onBrushStroke(listener: (k: number, mask: SliceMask) => void): () => void;
}
