import type { IntensityWindow, WindowPreset } from '#core/pixels/intensityWindow.ts';
import type { OpenSeries } from '#extension-api';
import { NOTHING_SHOWN } from './display/slotInfo.ts';
import { ownerOf } from './display/slots.ts';
import type { SeriesLife } from './series/seriesLife.ts';
import { type WritableState, writableState } from './state.ts';
import type {
  CursorReading,
  Layout,
  Pane,
  PaneLink,
  SliceFailure,
  SlotInfo,
  ValueRange,
  ViewportSlot,
} from './viewer.ts';
import type { Windowing } from './window/windowing.ts';

/** All that the viewer's parts share and its users read. */
export type ViewerState = ReturnType<typeof createViewerState>;

/** What belongs to one series on the screen. */
export type PaneState = ReturnType<typeof createPaneState>;

/** A series on the screen with all that it has of its own. */
export interface PaneParts {
  readonly state: PaneState;
  readonly windowing: Windowing;
  readonly life: SeriesLife;
}

const info = (): WritableState<SlotInfo> => writableState<SlotInfo>(NOTHING_SHOWN);

export const createPaneState = () => ({
  openSeries: writableState<OpenSeries | undefined>(undefined),
  currentSlice: writableState(0),
  displayWindow: writableState<IntensityWindow | undefined>(undefined),
  loading: writableState<{ readonly done: number; readonly total: number } | undefined>(undefined),
  failures: writableState<readonly SliceFailure[]>([]),
  presets: writableState<readonly WindowPreset[]>([]),
  inverted: writableState(false),
});

export const createViewerState = () => ({
  layout: writableState<Layout>('stack'),
  wantedLayout: writableState<Layout>('stack'),
  canReformat: writableState(false),
  slots: writableState<readonly ViewportSlot[]>(['acquisition']),
  activeSlot: writableState<ViewportSlot>('acquisition'),
  link: writableState<PaneLink | undefined>(undefined),
  crosshairs: writableState(false),
  overlayOpacity: writableState(0.35),
  activeTool: writableState('WindowLevel'),
  brushRadius: writableState(5),
  brushRange: writableState<ValueRange | undefined>(undefined),
  lastBrushRange: writableState<ValueRange | undefined>(undefined),
  cursor: writableState<CursorReading | undefined>(undefined),
  measurements: writableState(0),
  playing: writableState(false),
  framesPerSecond: writableState(12),
  infos: {
    acquisition: info(),
    companion: info(),
    axial: info(),
    coronal: info(),
    sagittal: info(),
    solid: info(),
  } satisfies Record<ViewportSlot, WritableState<SlotInfo>>,
});

/** The pane that the active slot belongs to, and whether that is the one where prompts are drawn. */
export function followActivePane(
  activeSlot: WritableState<ViewportSlot>,
  panes: Readonly<Record<'session' | 'companion', Pane>>,
) {
  const activePane = writableState<Pane>(panes.session);
  const promptsHere = writableState(true);
  activeSlot.subscribe(() => {
    const owner = ownerOf(activeSlot.getState());
    activePane.set(panes[owner]);
    promptsHere.set(owner === 'session');
  });
  return { activePane, promptsHere };
}
