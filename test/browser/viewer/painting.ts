import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { commit, journalOf, undo } from '#core/labelmap/journal.ts';
import { emptyLabelmap, type Labelmap, type LabelmapSize, type SliceMask } from '#core/labelmap/labelmap.ts';
import { paintedSegment } from '#core/labelmap/testing/paintedSegment.ts';
import type { LabelmapState } from '#extension-api';
import type { Viewer } from '#viewer';

/** A labelmap that the viewer shows, and what tests do to it. */
export function paintingOn(viewer: Viewer) {
  const listeners = new Set<() => void>();
  let state: LabelmapState = {
    journal: journalOf(emptyLabelmap({ columns: 1, rows: 1, slices: 1 })),
    activeSegment: undefined,
    preview: undefined,
  };
  const setState = (next: Partial<LabelmapState>): void => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  viewer.showLabelmap({
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  return {
    /** Nothing painted, on a series of this size. */
    begin: (size: LabelmapSize) =>
      setState({ journal: journalOf(emptyLabelmap(size)), activeSegment: undefined, preview: undefined }),
    addBall: (
      number: number,
      center: readonly number[],
      radii: readonly number[],
      rule: 'keep-others' | 'allow-overlap' = 'keep-others',
    ) => {
      const { labelmap } = state.journal;
      const next = withSlices(
        withSegment(labelmap, paintedSegment(number)),
        number,
        ball(labelmap, center, radii),
        rule,
      );
      setState({ journal: commit(state.journal, 'ball', next), activeSegment: number });
    },
    previewBall: (center: readonly number[], radii: readonly number[]) =>
      setState({ preview: { color: [0, 255, 255], slices: ball(state.journal.labelmap, center, radii) } }),
    clearPreview: () => setState({ preview: undefined }),
    undo: () => setState({ journal: undo(state.journal) }),
    commitStrokes: () =>
      viewer.onBrushStroke((k, mask) => {
        const number = state.activeSegment ?? 1;
        setState({
          journal: commit(state.journal, 'brush', withSlices(state.journal.labelmap, number, new Map([[k, mask]]))),
        });
      }),
    voxels: (number: number, k: number) =>
      state.journal.labelmap.voxels
        .get(number)
        ?.get(k)
        ?.reduce((sum, v) => sum + v, 0) ?? 0,
    steps: () => state.journal.past.length,
  };
}

/** A ball of voxels around a centre, radii in voxels: masks by k. */
function ball(
  labelmap: Labelmap,
  [ci, cj, ck]: readonly number[],
  [ri, rj, rk]: readonly number[],
): Map<number, SliceMask> {
  const { columns, rows, slices } = labelmap.size;
  const masks = new Map<number, SliceMask>();
  for (let k = 0; k < slices; k += 1) {
    const mask = new Uint8Array(columns * rows);
    for (let j = 0; j < rows; j += 1)
      for (let i = 0; i < columns; i += 1)
        if (((i - ci!) / ri!) ** 2 + ((j - cj!) / rj!) ** 2 + ((k - ck!) / rk!) ** 2 <= 1) mask[j * columns + i] = 1;
    if (mask.includes(1)) masks.set(k, mask);
  }
  return masks;
}
