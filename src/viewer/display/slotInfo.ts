import type { Types } from '@cornerstonejs/core';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import type { Vector3 } from '#core/geometry/coordinates.ts';
import { cross, normalize } from '#core/geometry/vector.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import { digits, text } from '../text.ts';
import type { SlotInfo, ViewportSlot } from '../viewer.ts';
import { edgeLetters } from './orientation.ts';
import { isReformat, isStack } from './reformats.ts';

export const NOTHING_SHOWN: SlotInfo = {
  orientation: undefined,
  sliceLabel: '',
  windowText: '',
  zoom: 1,
  millimetresPerPixel: 0,
  problem: undefined,
  note: undefined,
};

/** Of a viewport, what the labels are read from. */
type Shown = Pick<Types.IStackViewport, 'getCamera' | 'getZoom' | 'canvasToWorld'>;

/** What to write over a viewport, read off its camera. */
export function slotInfoOf(
  slot: ViewportSlot,
  viewport: Shown,
  slices: OpenSlices,
  k: number,
  window: IntensityWindow | undefined,
  /** How far the slice is from where the linked series is, mm. */
  away: number | undefined,
): SlotInfo {
  const { viewUp, viewPlaneNormal } = viewport.getCamera();
  const down: Vector3 | undefined = viewUp && normalize([-viewUp[0], -viewUp[1], -viewUp[2]]);
  // The normal points at the viewer: right = up x normal.
  const right = viewUp && viewPlaneNormal ? normalize(cross(viewUp, viewPlaneNormal)) : undefined;
  const failure = isStack(slot) ? slices.failures.get(k) : undefined;
  return {
    orientation: right && down ? edgeLetters(right, down) : undefined,
    sliceLabel: isReformat(slot) ? reformatLabel(slot, viewport) : isStack(slot) ? stackLabel(slices, k) : text.solid,
    windowText: window === undefined || slot === 'solid' ? '' : windowText(window, valueScaleOf(slices.series).factor),
    zoom: viewport.getZoom(),
    millimetresPerPixel: millimetresPerPixel(viewport),
    problem: failure && text.notLoaded(k, failure.message),
    note: away === undefined ? undefined : text.away(away),
  };
}

const stackLabel = ({ series: { stack } }: OpenSlices, k: number): string =>
  text.slice(k, stack.planes.length, stack.positions[k] ?? 0);

const AXIS = { sagittal: 0, coronal: 1, axial: 2 } as const;

function reformatLabel(slot: keyof typeof AXIS, viewport: Shown): string {
  const position = viewport.getCamera().focalPoint?.[AXIS[slot]];
  return position === undefined ? '' : text.position(position);
}

/** @param factor from modality values to those that are shown */
const windowText = ({ lower, upper }: IntensityWindow, factor: number): string =>
  text.window(digits((upper - lower) * factor), digits(((upper + lower) / 2) * factor));

function millimetresPerPixel(viewport: Shown): number {
  const [ax, ay, az] = viewport.canvasToWorld([0, 0]);
  const [bx, by, bz] = viewport.canvasToWorld([100, 0]);
  return Math.hypot(bx - ax, by - ay, bz - az) / 100;
}
