import type { SliceBox } from '#core/geometry/coordinates.ts';
import { type SegmentVoxels, type SliceMask, voxelsOf } from '#core/labelmap/labelmap.ts';
import { segmentExtent } from '#core/labelmap/measureVolume.ts';
import type { Command, Host } from '#extension-api';
import type { Viewer } from '#viewer';
import { text } from '../text.ts';
import { viewCommandsOf } from './viewCommand.ts';

const QUARTER = 90;
const FAR = 10;
const FASTER = 1.5;

/** Turning, enlarging, running, measuring: what is wanted now and then while looking. */
export function lookCommands(viewer: Viewer): readonly Command[] {
  const words = text.look;
  const isOpen = (): boolean => viewer.openSeries.getState() !== undefined;
  const measured = (): boolean => viewer.measurements.getState() > 0;
  const command = viewCommandsOf(viewer);
  const fps = (factor: number) => (): void =>
    viewer.setFramesPerSecond(Math.round(viewer.framesPerSecond.getState() * factor));
  return [
    command(
      'zoomToLesion',
      words.zoomToLesion,
      'f',
      (host) => zoomToLesion(host, viewer),
      (host) => isOpen() && (shownVoxels(host)?.size ?? 0) > 0,
    ),
    command('flipHorizontal', words.flipHorizontal, 'h', () => viewer.flip('horizontal')),
    command('flipVertical', words.flipVertical, 'Shift+h', () => viewer.flip('vertical')),
    command('rotate', words.rotate, 'o', () => viewer.rotate(QUARTER)),
    command('cine', words.cine, 'p', () => viewer.setPlaying(!viewer.playing.getState())),
    command('faster', words.faster, '>', fps(FASTER)),
    command('slower', words.slower, '<', fps(1 / FASTER)),
    command('markPoint', words.markPoint, '.', ({ notices }) => {
      viewer.setCrosshairs(true);
      const left = viewer.markPoint();
      const placed = viewer.promptsHere.getState() || viewer.link.getState()?.kind === 'linked';
      const why = placed ? words.notMeasuring : text.panes.noPoint;
      if (left === undefined) notices.show({ kind: 'info', title: why });
      else notices.announce(words.pointsLeft(left));
    }),
    command(
      'removeLastMeasurement',
      words.removeLast,
      'Backspace',
      () => viewer.removeLastMeasurement(),
      () => isOpen() && measured(),
    ),
    command(
      'clearMeasurements',
      words.clear,
      'Shift+Backspace',
      () => viewer.clearMeasurements(),
      () => isOpen() && measured(),
    ),
    ...(
      [
        ['Left', words.crosshairLeft, -1, 0],
        ['Right', words.crosshairRight, 1, 0],
        ['Up', words.crosshairUp, 0, -1],
        ['Down', words.crosshairDown, 0, 1],
      ] as const
    ).flatMap(([way, title, right, down]) => [
      command(`crosshair${way}`, title, `Alt+Arrow${way}`, () => moveCrosshair(viewer, right, down)),
      command(`crosshair${way}Far`, words.crosshairFar(title), `Shift+Alt+Arrow${way}`, () =>
        moveCrosshair(viewer, FAR * right, FAR * down),
      ),
    ]),
  ];
}

function moveCrosshair(viewer: Viewer, right: number, down: number): void {
  viewer.setCrosshairs(true);
  viewer.moveCrosshair(right, down);
}

/** What is being made comes before what was accepted. */
function shownVoxels({ labelmap }: Host): SegmentVoxels | undefined {
  const { journal, activeSegment, preview } = labelmap.state.getState();
  return preview?.slices ?? (activeSegment === undefined ? undefined : voxelsOf(journal.labelmap, activeSegment));
}

function lesionOf(host: Host): { readonly k: number; readonly mask: SliceMask } | undefined {
  const { viewer } = host;
  const voxels = shownVoxels(host);
  const here = voxels?.get(viewer.currentSlice.getState());
  if (here?.includes(1) === true) return { k: viewer.currentSlice.getState(), mask: here };
  const k = voxels && segmentExtent(voxels)?.largest;
  const mask = k === undefined ? undefined : voxels?.get(k);
  return k === undefined || mask === undefined ? undefined : { k, mask };
}

function zoomToLesion(host: Host, viewer: Viewer): void {
  const lesion = lesionOf(host);
  const plane = lesion && viewer.openSeries.getState()?.series.stack.planes[lesion.k];
  const box = lesion && plane && boxOf(lesion.mask, plane.columns);
  if (lesion !== undefined && box !== undefined) viewer.zoomTo(lesion.k, box);
}

/** Smallest box that holds a mask; undefined where it is empty. */
function boxOf(mask: SliceMask, columns: number): SliceBox | undefined {
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1];
  mask.forEach((value, index) => {
    if (value === 0) return;
    const [x, y] = [index % columns, Math.floor(index / columns)];
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
  });
  return x1 < 0 ? undefined : { x0, y0, x1, y1 };
}
