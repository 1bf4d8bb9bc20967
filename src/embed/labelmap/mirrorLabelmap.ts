import { cache, eventTarget } from '@cornerstonejs/core';
import { Enums, segmentation } from '@cornerstonejs/tools';
import { composeSlice, emptyLabelmap, type Labelmap, type SliceMask } from '#core/labelmap/labelmap.ts';
import { colorOf } from '#core/labelmap/segment.ts';
import type { LabelmapPort, ReadableState } from '#extension-api';
import { withForeignLabels } from './readLabels.ts';
import type { HeldSegmentation, SegmentationHome } from './segmentationHome.ts';

const { SEGMENTATION_DATA_MODIFIED } = Enums.Events;

/** The host's tools report each move of a brush; a stroke is one undo step. */
const SETTLED_MS = 250;

/**
 * Keeps a segmentation of the host and our labelmap the same: what is accepted is written into it, and what the host's own tools
 * change in it becomes a step of the journal. Segments that overlap are written with the later one on top.
 */
export function mirrorLabelmap(
  labelmap: LabelmapPort,
  home: SegmentationHome,
  viewportIds: ReadableState<readonly string[]>,
): {
  readonly held: () => HeldSegmentation | undefined;
  /** @param known what was known of it before; the host's voxels win */
  adopt(segmentation: HeldSegmentation, known?: Labelmap): void;
  reset(): void;
  dispose(): void;
} {
  let held: HeldSegmentation | undefined;
  let holding: Promise<void> | undefined;
  let written: Labelmap | undefined;
  let writing = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let era = 0;

  const current = (): Labelmap => labelmap.state.getState().journal.labelmap;

  function labelsOf(k: number): Uint8Array | undefined {
    const image = held && cache.getImage(held.imageIds[k] ?? '');
    // Labels are bytes, or words beyond 255 segments.
    return image?.voxelManager?.getScalarData() as Uint8Array | undefined;
  }

  function write(): void {
    const next = current();
    if (held === undefined || next === written) return;
    const changed: number[] = [];
    for (let k = 0; k < next.size.slices; k += 1) {
      const labels = labelsOf(k);
      if (labels === undefined || (written !== undefined && sameSlice(written, next, k))) continue;
      composeSlice(next, k, labels);
      changed.push(k);
    }
    written = next;
    home.describe(held, next.segments);
    home.show(held, viewportIds.getState(), next.segments);
    if (changed.length === 0) return;
    writing = true;
    segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(held.segmentationId, changed);
    writing = false;
  }

  function changed(): void {
    const { voxels, segments } = current();
    if (held !== undefined) write();
    if (held !== undefined || holding !== undefined || voxels.size === 0) return;
    const mine = era;
    holding = home.hold(segments).then((made) => {
      if (mine !== era) return;
      held = made;
      holding = undefined;
      write();
    });
  }

  const withTheirs = (before: Labelmap): Labelmap =>
    withForeignLabels(before, labelsOf, (number) => ({
      ...labelmap.draftSegment({
        label: `Segment ${number}`,
        color: colorOf(number),
        ...(held === undefined ? {} : home.segmentOf?.(held, number)),
      }),
      number,
    }));

  function take(): void {
    timer = undefined;
    const before = current();
    const next = withTheirs(before);
    if (next === before) return;
    written = next;
    labelmap.commit('Edit in the viewer', next);
  }

  const onModified = (event: Event): void => {
    const { segmentationId } = (event as CustomEvent<{ readonly segmentationId: string }>).detail;
    if (writing || segmentationId !== held?.segmentationId) return;
    clearTimeout(timer);
    timer = setTimeout(take, SETTLED_MS);
  };
  eventTarget.addEventListener(SEGMENTATION_DATA_MODIFIED, onModified);

  const reset = (): void => {
    era += 1;
    clearTimeout(timer);
    [held, holding, written] = [undefined, undefined, undefined];
  };
  const ends = [
    labelmap.state.subscribe(changed),
    viewportIds.subscribe(() => {
      if (held !== undefined) home.show(held, viewportIds.getState(), current().segments);
    }),
    () => eventTarget.removeEventListener(SEGMENTATION_DATA_MODIFIED, onModified),
  ];
  return {
    held: () => held,
    adopt(segmentationOfHost, known = emptyLabelmap(current().size)) {
      reset();
      held = segmentationOfHost;
      written = withTheirs(known);
      labelmap.replace(written);
    },
    reset,
    dispose() {
      reset();
      for (const end of ends) end();
    },
  };
}

/** Whether two labelmaps write the same labels into slice k: masks are compared by identity, as they are never changed in place. */
function sameSlice(a: Labelmap, b: Labelmap, k: number): boolean {
  const layers = ({ segments, voxels }: Labelmap): readonly (readonly [number, SliceMask])[] =>
    segments.flatMap(({ number }) => {
      const mask = voxels.get(number)?.get(k);
      return mask === undefined ? [] : [[number, mask] as const];
    });
  const [before, after] = [layers(a), layers(b)];
  return (
    before.length === after.length &&
    before.every(([number, mask], index) => number === after[index]![0] && mask === after[index]![1])
  );
}
