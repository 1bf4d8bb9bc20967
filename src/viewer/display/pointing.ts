import type { PatientPoint } from '#core/geometry/coordinates.ts';
import { distanceToPlane, patientToSlice } from '#core/geometry/imagePlane.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import { valueText } from '../series/valueAt.ts';
import type { ToolGroups } from '../tools/toolGroups.ts';
import type { CursorReading, ViewportSlot } from '../viewer.ts';
import type { ViewerState } from '../viewerState.ts';
import { type Crosshairs, nearestSlice } from './crosshairs.ts';
import { isReformat } from './reformats.ts';

/** Tools whose clicks draw nothing and mean nothing of their own. */
export const VIEW_TOOLS: ReadonlySet<string> = new Set(['WindowLevel', 'Pan', 'Zoom', 'StackScroll']);

/** What the mouse is over, and what a click means that no tool takes. */
export interface Pointer {
  /** With a tool that only changes the view, a click moves the other planes: in reformats always, else with the crosshair on. */
  clicked(slot: ViewportSlot, at: PatientPoint): void;
  pointed(slot: ViewportSlot, at: PatientPoint | undefined): void;
}

/** What is pointed at, and what follows. */
export interface PointerGround {
  readonly state: Pick<ViewerState, 'activeTool' | 'crosshairs' | 'cursor'>;
  readonly groups: Pick<ToolGroups, 'leavesClicks'>;
  readonly crosshairs: Pick<Crosshairs, 'moveTo'>;
  readonly slicesOf: (slot: ViewportSlot) => OpenSlices | undefined;
}

export const createPointer = ({ state, groups, crosshairs, slicesOf }: PointerGround): Pointer => ({
  clicked: (slot, at) => {
    const tool = state.activeTool.getState();
    if (!VIEW_TOOLS.has(tool) && !groups.leavesClicks(slot, tool)) return;
    if (isReformat(slot) || state.crosshairs.getState()) crosshairs.moveTo(at, slot);
  },
  pointed: (slot, at) => {
    const slices = slicesOf(slot);
    state.cursor.set(slices && at && readingAt(slices, slot, at));
  },
});

/** What lies at a point of the patient: the nearest voxel and its value; undefined outside of the series. */
function readingAt(slices: OpenSlices, slot: ViewportSlot, point: PatientPoint): CursorReading | undefined {
  const { stack } = slices.series;
  const k = nearestSlice(stack, point);
  const plane = stack.planes[k];
  if (plane === undefined) return undefined;
  // Beyond the last slice there is nothing, however near the nearest one is.
  if (Math.abs(distanceToPlane(plane, point)) > (stack.sliceSpacing ?? 1)) return undefined;
  const [x, y] = patientToSlice(plane, point);
  const [i, j] = [Math.round(x), Math.round(y)];
  const value = valueText(slices, i, j, k);
  return value === undefined ? undefined : { slot, value, voxel: [i, j, k] };
}
