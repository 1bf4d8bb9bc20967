import { valueScaleOf } from '#core/dicom/valueScale.ts';
import type { Crosshairs } from '../display/crosshairs.ts';
import type { LabelmapOverlay } from '../overlay/labelmapOverlay.ts';
import type { OpenSlices, SliceIndex } from '../series/openSlices.ts';
import { loadedValues, valueText } from '../series/valueAt.ts';
import type { Viewer } from '../viewer.ts';
import type { ViewerState } from '../viewerState.ts';
import { createBrushing } from './brushing.ts';
import { builtInTools } from './builtInTools.ts';
import { createCalipers } from './calipers.ts';
import { createMeasuring } from './measuring.ts';
import { createToolGroups } from './toolGroups.ts';
import type { WindowLevelPort } from './windowLevelTool.ts';

/** What the tools work on. */
export interface ToolGround {
  readonly state: Omit<ViewerState, 'infos'>;
  readonly index: SliceIndex;
  readonly overlay: LabelmapOverlay;
  readonly crosshairs: Crosshairs;
  readonly window: WindowLevelPort;
  /** The open series and its slice in view. */
  readonly here: () => { readonly slices: OpenSlices; readonly k: number } | undefined;
}

type ToolApi = Pick<
  Viewer,
  | 'setBrushRadius'
  | 'setBrushRange'
  | 'onBrushStroke'
  | 'showCalipers'
  | 'removeLastMeasurement'
  | 'clearMeasurements'
  | 'registerTools'
  | 'worksIn'
  | 'activateTool'
  | 'setCrosshairs'
  | 'markPoint'
>;

/** The viewer's own tools, in groups that viewports enter. */
export function createTools({ state, index, overlay, crosshairs, window, here }: ToolGround) {
  const brushing = createBrushing(overlay, {
    place: here,
    radius: state.brushRadius.getState,
    values: (k) => {
      const slices = here()?.slices;
      return slices && loadedValues(slices, k);
    },
    range: state.brushRange.getState,
    onRange: state.lastBrushRange.set,
  });
  const measuring = createMeasuring(
    (imageId) => {
      const slices = index.find(imageId)?.slices ?? here()?.slices;
      return slices && valueScaleOf(slices.series);
    },
    () => crosshairs.redraw(),
    (count) => state.measurements.set(count),
  );
  const calipers = createCalipers(here, () => crosshairs.redraw());
  const groups = createToolGroups('Crosshairs');
  for (const tool of builtInTools({
    valueText: (i, j, k) => {
      const slices = here()?.slices;
      return slices && valueText(slices, i, j, k);
    },
    window,
    crosshairs: { ...crosshairs, visible: state.crosshairs.getState },
    brush: brushing,
    caliper: calipers,
    measuring: measuring.tools,
  })) {
    groups.add(tool);
  }
  groups.setEnabled('Caliper', true);
  groups.activate(state.activeTool.getState());
  const api: ToolApi = {
    setBrushRadius: (millimetres) =>
      state.brushRadius.set(Math.min(LARGEST_BRUSH, Math.max(SMALLEST_BRUSH, millimetres))),
    setBrushRange: state.brushRange.set,
    onBrushStroke: brushing.onStroke,
    showCalipers: calipers.show,
    removeLastMeasurement: measuring.removeLast,
    clearMeasurements: measuring.clear,
    registerTools: groups.register.bind(groups),
    worksIn: groups.worksIn,
    activateTool: (toolName) => {
      measuring.abandon();
      if (groups.activate(toolName)) state.activeTool.set(toolName);
    },
    setCrosshairs: (on) => {
      state.crosshairs.set(on);
      groups.setEnabled('Crosshairs', on);
      crosshairs.redraw();
    },
    markPoint: () => {
      const slot = state.activeSlot.getState();
      const point = crosshairs.pointIn(slot);
      return point && measuring.mark(state.activeTool.getState(), slot, point);
    },
  };
  return { measuring, groups, api };
}

/** Radius, mm. */
const SMALLEST_BRUSH = 0.5;
const LARGEST_BRUSH = 25;
