import { createStore } from 'zustand/vanilla';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { appError } from '#core/errors.ts';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap, type SliceMask } from '#core/labelmap/labelmap.ts';
import type { CallOptions, NoticePort, ReadableState, SegmentationFormat, StudySource } from '#extension-api';
import type { Viewer } from '#viewer';
import type { SegmentationSummary } from '../browser/summaries.ts';
import type { AppLabelmap } from '../labelmap/createLabelmapPort.ts';
import { text } from '../text.ts';
import { type AskChoice, placeSegmentation } from './placeSegmentation.ts';

/** What is being opened; undefined where nothing is. */
export type Opening =
  | { readonly seriesInstanceUID: string; readonly done: number; readonly total: number | undefined }
  | undefined;

/** A series as the browser names it. */
export interface SeriesRef {
  readonly source: StudySource;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
}

export interface SeriesSession {
  readonly opening: ReadableState<Opening>;
  /** Opens a series with an empty labelmap; asks before unsaved work is lost. Resolves with whether it is open. */
  openSeries(series: SeriesRef): Promise<boolean>;
  /**
   * Opens a SEG as editable segments: its images first, where they are not open.
   * @param imagesInStudy series of the study that a segmentation may belong to
   */
  openSegmentation(
    study: Omit<SeriesRef, 'seriesInstanceUID'>,
    segmentation: SegmentationSummary,
    imagesInStudy: readonly string[],
  ): Promise<void>;
  dispose(): void;
}

export interface SessionSetup {
  readonly viewer: Viewer;
  readonly labelmap: AppLabelmap;
  readonly notices: NoticePort;
  readonly format: () => SegmentationFormat | undefined;
  readonly askChoice: AskChoice;
  /** Whether unsaved work may be given up. */
  readonly mayLeave: () => Promise<boolean>;
}

export function createSeriesSession({
  viewer,
  labelmap,
  notices,
  format,
  askChoice,
  mayLeave,
}: SessionSetup): SeriesSession {
  const opening = createStore<{ readonly value: Opening }>(() => ({ value: undefined }));
  let run = new AbortController();
  let shownSeries: ImageSeries | undefined;

  // Before anybody sees the new series with the old labelmap.
  const followSeries = viewer.openSeries.subscribe(() => {
    const series = viewer.openSeries.getState()?.series;
    if (series === shownSeries) return;
    shownSeries = series;
    labelmap.replace(emptyLabelmap(sizeOf(series)));
  });
  const followBrush = viewer.onBrushStroke((k, mask) => commitStroke(labelmap, k, mask));

  /** One opening at a time: the newer one wins. */
  async function exclusively(
    seriesInstanceUID: string,
    work: (options: CallOptions) => Promise<boolean>,
  ): Promise<boolean> {
    run.abort();
    const mine = new AbortController();
    run = mine;
    const onProgress = (done: number, total: number | undefined): void => {
      if (!mine.signal.aborted) opening.setState({ value: { seriesInstanceUID, done, total } });
    };
    onProgress(0, undefined);
    try {
      return await work({ signal: mine.signal, onProgress });
    } catch (thrown) {
      if (mine.signal.aborted) return false;
      throw thrown;
    } finally {
      if (run === mine) opening.setState({ value: undefined });
    }
  }

  async function open(series: SeriesRef, options: CallOptions): Promise<boolean> {
    const result = await viewer.open(series.source, series.studyInstanceUID, series.seriesInstanceUID, options);
    if (!result.ok) notices.show({ kind: 'error', error: result.error });
    return result.ok;
  }

  async function place(series: SeriesRef, segmentation: SegmentationSummary, options: CallOptions): Promise<boolean> {
    const { source, studyInstanceUID } = series;
    const bytes = await source.retrieve(
      studyInstanceUID,
      segmentation.seriesInstanceUID,
      segmentation.sopInstanceUID,
      options,
    );
    const images = viewer.openSeries.getState()?.series;
    const reader = format();
    if (images === undefined || reader === undefined) return false;
    const placed = bytes.ok ? await placeSegmentation(reader, bytes.value, images, askChoice) : bytes;
    options.signal?.throwIfAborted();
    if (placed === undefined) {
      notices.show({ kind: 'info', title: text.series.notOpened });
      return false;
    }
    if (!placed.ok) {
      notices.show({ kind: 'error', error: placed.error });
      return false;
    }
    const { labelmap: loaded, notes, header } = placed.value;
    labelmap.replace(loaded, header);
    const title = text.series.loadedSegments(loaded.segments.length);
    if (notes.length === 0) notices.show({ kind: 'success', title });
    else notices.show({ kind: 'warning', title, detail: notes.map(({ message }) => message).join(' ') });
    return true;
  }

  return {
    opening: { getState: () => opening.getState().value, subscribe: opening.subscribe },
    async openSeries(series) {
      if (!(await mayLeave())) return false;
      return exclusively(series.seriesInstanceUID, (options) => open(series, options));
    },
    async openSegmentation(study, segmentation, imagesInStudy) {
      const words = text.series.segmentationRefused;
      if (format() === undefined) {
        notices.show({ kind: 'error', error: appError('no-segmentation-format', words.noFormat) });
        return;
      }
      const current = viewer.openSeries.getState()?.series;
      const images = segmentation.referencedSeriesUID ?? current?.seriesInstanceUID;
      const isOpen = current?.seriesInstanceUID === images;
      if (images === undefined || (!isOpen && !imagesInStudy.includes(images))) {
        const error = appError('segmentation-without-images', words.noImages, { remedy: words.noImagesRemedy });
        notices.show({ kind: 'error', error });
        return;
      }
      if (!(await mayLeave())) return;
      const series = { ...study, seriesInstanceUID: images };
      await exclusively(images, async (options) => {
        if (!isOpen && !(await open(series, options))) return false;
        return place(series, segmentation, options);
      });
    },
    dispose() {
      run.abort();
      followSeries();
      followBrush();
    },
  };
}

function sizeOf(series: ImageSeries | undefined) {
  const plane = series?.stack.planes[0];
  return { columns: plane?.columns ?? 0, rows: plane?.rows ?? 0, slices: series?.stack.planes.length ?? 0 };
}

/** Paints into work that is not accepted yet, else into the active segment; the first stroke of all makes one. */
function commitStroke(labelmap: AppLabelmap, k: number, mask: SliceMask): void {
  const { journal, activeSegment, pending } = labelmap.state.getState();
  const slices = new Map([[k, mask]]);
  if (pending?.voxels !== undefined) {
    pending.edit(text.command.stroke(pending.label, k), slices, 'hand');
    return;
  }
  const active = journal.labelmap.segments.find(({ number }) => number === activeSegment);
  if (active !== undefined) {
    labelmap.commit(text.command.stroke(active.label, k), withSlices(journal.labelmap, active.number, slices));
    return;
  }
  if (!mask.includes(1)) return;
  const made = labelmap.draftSegment();
  labelmap.commit(
    text.command.stroke(made.label, k),
    withSlices(withSegment(journal.labelmap, made), made.number, slices),
  );
  labelmap.setActiveSegment(made.number);
}
