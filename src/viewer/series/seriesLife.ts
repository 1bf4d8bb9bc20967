import { cache, type ImageVolume, utilities } from '@cornerstonejs/core';
import { ok } from '#core/result.ts';
import type { SliceFailure, Viewer } from '../viewer.ts';
import type { PaneState } from '../viewerState.ts';
import type { Windowing } from '../window/windowing.ts';
import { beginOpening, middleSlice } from './beginOpening.ts';
import type { OpenSlices, SliceIndex } from './openSlices.ts';
import { loadAllSlices } from './sliceLoading.ts';
import { volumeOfImages } from './sliceVolume.ts';

/** What follows the open series; called in the order of the journey. */
export interface SeriesFollowers {
  /** The middle slice is there. Before anybody else hears of the series. */
  readonly begun: (slices: OpenSlices, middle: number) => void;
  readonly shown: (slices: OpenSlices) => void;
  /** All slices are there, on a grid; absent where nobody wants a volume. */
  readonly volumeReady?: (volume: ImageVolume, metadata: Parameters<typeof volumeOfImages>[4]) => Promise<void>;
  /** While Cornerstone still holds everything. */
  readonly closing: () => void;
  /** To take out of Cornerstone what belongs to it. */
  readonly release: (slices: OpenSlices) => void;
  readonly closed: () => void;
}

/** One series at a time in one pane, from its headers to its volume and to the last of it. */
export interface SeriesLife extends Pick<Viewer, 'open' | 'close'> {
  readonly slices: () => OpenSlices | undefined;
  readonly volume: () => ImageVolume | undefined;
}

export function createSeriesLife(
  index: SliceIndex,
  state: PaneState,
  windowing: Windowing,
  followers: SeriesFollowers,
): SeriesLife {
  let slices: OpenSlices | undefined;
  let volume: ImageVolume | undefined;
  let tickets = 0;

  function close(): void {
    tickets += 1;
    const closed = slices;
    if (closed === undefined) return;
    closed.closing.abort(new DOMException('The series was closed', 'AbortError'));
    state.openSeries.set(undefined);
    followers.closing();
    slices = undefined;
    volume = undefined;
    followers.release(closed);
    index.remove(closed);
    state.loading.set(undefined);
    state.failures.set([]);
    state.presets.set([]);
    state.displayWindow.set(undefined);
    followers.closed();
  }

  function showFirst(opened: OpenSlices): void {
    slices = opened;
    const middle = middleSlice(opened);
    state.currentSlice.set(middle);
    windowing.reset(opened, [opened.imageIds[middle]!]);
    followers.begun(opened, middle);
    state.openSeries.set(opened);
    followers.shown(opened);
  }

  async function loadRest(opened: OpenSlices): Promise<void> {
    state.loading.set({ done: 0, total: opened.imageIds.length });
    try {
      await loadAllSlices(opened, state.currentSlice.getState, (done, total) => {
        state.loading.set({ done, total });
        if (opened.failures.size !== state.failures.getState().length) state.failures.set(failureList(opened));
      });
    } catch (thrown) {
      if (opened.closing.signal.aborted) return;
      throw thrown;
    }
    state.loading.set(undefined);
    windowing.setAuto(
      opened,
      opened.imageIds.filter((_, k) => !opened.failures.has(k)),
    );
    await makeVolume(opened);
  }

  /** Reformats need a regular grid, and every slice of it: a missing one would look like anatomy. */
  async function makeVolume(opened: OpenSlices): Promise<void> {
    const { grid } = opened.series.stack;
    if (
      followers.volumeReady === undefined ||
      grid === undefined ||
      opened.failures.size > 0 ||
      cache.getImage(opened.imageIds[0]!)?.color !== false
    )
      return;
    const metadata = { ...utilities.makeVolumeMetadata([...opened.imageIds]), voiLut: [] };
    volume = volumeOfImages(`volume-${opened.opening}`, opened.imageIds, grid, opened.voxelType, metadata);
    await followers.volumeReady(volume, metadata);
  }

  return {
    slices: () => slices,
    volume: () => volume,
    close,
    open: async (source, studyInstanceUID, seriesInstanceUID, options = {}) => {
      close();
      const ticket = tickets;
      const begun = await beginOpening(index, source, studyInstanceUID, seriesInstanceUID, options);
      if (ticket !== tickets) {
        if (begun.ok) index.remove(begun.value);
        throw new DOMException('Another series was opened', 'AbortError');
      }
      if (!begun.ok) return begun;
      showFirst(begun.value);
      options.onProgress?.(1, begun.value.imageIds.length);
      void loadRest(begun.value);
      return ok(begun.value);
    },
  };
}

const failureList = ({ series, failures }: OpenSlices): readonly SliceFailure[] =>
  [...failures]
    .sort(([a], [b]) => a - b)
    .map(([k, error]) => ({ k, sopInstanceUID: series.frames[k]!.sopInstanceUID, error }));
