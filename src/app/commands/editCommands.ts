import type { Stack } from '#core/geometry/stack.ts';
import { withSlices } from '#core/labelmap/edit.ts';
import { fillBetween } from '#core/labelmap/fillBetween.ts';
import { keepLargest, removeIslands } from '#core/labelmap/islands.ts';
import { type SegmentVoxels, type SliceMask, segmentByNumber, voxelsOf } from '#core/labelmap/labelmap.ts';
import { smooth } from '#core/labelmap/smooth.ts';
import type { Command, Host } from '#extension-api';
import type { Viewer } from '#viewer';
import { text } from '../text.ts';
import type { KeyboardPointer } from '../viewport/createKeyboardPointer.ts';
import { EDIT_TOOLS } from './toolbarTools.ts';

/** What computes new slices from the voxels there are. */
type Reshape = (voxels: SegmentVoxels, stack: Stack) => ReadonlyMap<number, SliceMask>;

const columnsOf = ({ planes }: Stack): number => planes[0]?.columns ?? 0;

export const RESHAPES = {
  fill: fillBetween,
  smooth,
  largest: (voxels, stack) => keepLargest(voxels, columnsOf(stack)),
  islands: (voxels, stack) => removeIslands(voxels, columnsOf(stack)),
} as const satisfies Readonly<Record<string, Reshape>>;

export type ReshapeName = keyof typeof RESHAPES;

export const RESHAPE_NAMES: readonly ReshapeName[] = ['fill', 'smooth', 'largest', 'islands'];

const SHORTCUTS: Readonly<Record<ReshapeName, string>> = {
  fill: 'Shift+f',
  smooth: 'Shift+s',
  largest: 'Shift+l',
  islands: 'Shift+i',
};

/** What brush and shape commands change: work that is not accepted yet before the active segment. */
export interface EditTarget {
  readonly label: string;
  readonly voxels: SegmentVoxels;
  write(step: string, slices: ReadonlyMap<number, SliceMask>): void;
}

/** @returns undefined where there is nothing to change, or a padlock is closed */
export function editTarget({ labelmap }: Host): EditTarget | undefined {
  const { journal, activeSegment, pending } = labelmap.state.getState();
  if (pending?.voxels !== undefined) {
    return {
      label: pending.label,
      voxels: pending.voxels,
      write: (step, slices) => pending.edit(step, slices, 'rule'),
    };
  }
  const segment = activeSegment === undefined ? undefined : segmentByNumber(journal.labelmap, activeSegment);
  if (segment === undefined || segment.locked) return undefined;
  return {
    label: segment.label,
    voxels: voxelsOf(journal.labelmap, segment.number),
    write: (step, slices) => labelmap.commit(step, withSlices(journal.labelmap, segment.number, slices)),
  };
}

function reshape(host: Host, name: ReshapeName): void {
  const target = editTarget(host);
  const stack = host.viewer.openSeries.getState()?.series.stack;
  if (target === undefined || stack === undefined) return;
  const slices = RESHAPES[name](target.voxels, stack);
  const words = text.reshape[name];
  if (slices.size === 0) host.notices.show({ kind: 'info', title: words.nothing });
  else {
    target.write(words.step(target.label), slices);
    host.notices.announce(text.reshape.done(words.title, slices.size));
  }
}

/** Half as much again, or a third less: fine where it is small, quick where it is large. */
const RADIUS_FACTOR = 1.25;

/** Changing voxels by rule, and the size of what changes them by hand. */
export function editCommands(viewer: Viewer, pointer: KeyboardPointer): readonly Command[] {
  const brushing = (): boolean => EDIT_TOOLS.some(({ toolName }) => toolName === viewer.activeTool.getState());
  const size = (id: string, title: string, shortcut: string, factor: number): Command => ({
    id,
    title,
    shortcut,
    group: 'segment',
    isEnabled: brushing,
    run: ({ notices }) => {
      viewer.setBrushRadius(Math.round(2 * viewer.brushRadius.getState() * factor + (factor > 1 ? 0.5 : -0.5)) / 2);
      notices.announce(`${text.command.brushRadius} ${text.measure.mm(viewer.brushRadius.getState())}`);
    },
  });
  return [
    {
      id: 'edit.pointer',
      title: text.pointer.title,
      shortcut: 'k',
      group: 'segment',
      isEnabled: () => viewer.openSeries.getState() !== undefined,
      run: () => (pointer.state.getState() === undefined ? pointer.show() : pointer.hide()),
    },
    size('edit.smaller', text.command.brushSmaller, '[', 1 / RADIUS_FACTOR),
    size('edit.larger', text.command.brushLarger, ']', RADIUS_FACTOR),
    ...RESHAPE_NAMES.map(
      (name): Command => ({
        id: `edit.${name}`,
        title: text.reshape[name].title,
        shortcut: SHORTCUTS[name],
        group: 'segment',
        isEnabled: (host) => (editTarget(host)?.voxels.size ?? 0) > 0,
        run: (host) => reshape(host, name),
      }),
    ),
  ];
}
