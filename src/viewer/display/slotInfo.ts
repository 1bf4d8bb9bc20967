import type { Types } from '@cornerstonejs/core';
import type { Vector3 } from '#core/geometry/coordinates.ts';
import { cross, normalize } from '#core/geometry/vector.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import type { SlotInfo, ViewportSlot } from '../viewer.ts';
import { edgeLetters } from './orientation.ts';

export const NOTHING_SHOWN: SlotInfo = {
  orientation: undefined,
  sliceLabel: '',
  windowText: '',
  zoom: 1,
  millimetresPerPixel: 0,
  problem: undefined,
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
): SlotInfo {
  const { viewUp, viewPlaneNormal } = viewport.getCamera();
  const down: Vector3 | undefined = viewUp && normalize([-viewUp[0], -viewUp[1], -viewUp[2]]);
  // The normal points at the viewer: right = up x normal.
  const right = viewUp && viewPlaneNormal ? normalize(cross(viewUp, viewPlaneNormal)) : undefined;
  const failure = slot === 'acquisition' ? slices.failures.get(k) : undefined;
  return {
    orientation: right && down ? edgeLetters(right, down) : undefined,
    sliceLabel: slot === 'acquisition' ? acquisitionLabel(slices, k) : reformatLabel(slot, viewport),
    windowText: window === undefined ? '' : windowText(window),
    zoom: viewport.getZoom(),
    millimetresPerPixel: millimetresPerPixel(viewport),
    problem: failure && `Slice ${k + 1} could not be loaded: ${failure.message}`,
  };
}

const acquisitionLabel = ({ series: { stack } }: OpenSlices, k: number): string =>
  `Slice ${k + 1} / ${stack.planes.length} · ${(stack.positions[k] ?? 0).toFixed(1)} mm`;

const AXIS = { sagittal: 0, coronal: 1, axial: 2 } as const;

function reformatLabel(slot: Exclude<ViewportSlot, 'acquisition'>, viewport: Shown): string {
  const name = slot.charAt(0).toUpperCase() + slot.slice(1);
  const position = viewport.getCamera().focalPoint?.[AXIS[slot]];
  return position === undefined ? name : `${name} · ${position.toFixed(1)} mm`;
}

/** Three significant digits: HU are whole, SUV and MR units need not be. */
export function windowText({ lower, upper }: IntensityWindow): string {
  const digits = (value: number): string =>
    Math.abs(value) >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
  return `W ${digits(upper - lower)} L ${digits((upper + lower) / 2)}`;
}

function millimetresPerPixel(viewport: Shown): number {
  const [ax, ay, az] = viewport.canvasToWorld([0, 0]);
  const [bx, by, bz] = viewport.canvasToWorld([100, 0]);
  return Math.hypot(bx - ax, by - ay, bz - az) / 100;
}
