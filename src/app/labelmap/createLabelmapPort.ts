import { createStore } from 'zustand/vanilla';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import { commit, type Journal, journalOf, redo, undo } from '#core/labelmap/journal.ts';
import { emptyLabelmap, type Labelmap, nextSegmentNumber } from '#core/labelmap/labelmap.ts';
import { colorOf, type Segment } from '#core/labelmap/segment.ts';
import { DEFAULT_MEANING, type SegmentMeaning } from '#core/terminology/segmentMeaning.ts';
import type { LabelmapPort, LabelmapState, ReadableState } from '#extension-api';
import { text } from '../text.ts';
import { newUid } from './newUid.ts';

/** What the app knows of the labelmap beyond what extensions see. */
export interface AppLabelmap extends LabelmapPort {
  /** Eye, opacity and padlock: how the segments are looked at, not what they are, so no undo step. */
  setDisplay(number: number, change: Partial<Pick<Segment, 'visible' | 'locked' | 'opacity'>>): void;
  /** Puts a history in the place of the present one: work that was kept. All of it counts as unsaved. */
  restore(journal: Journal, origin?: DicomDataset): void;
  /** Whether the present state differs from what was last stored or loaded. */
  readonly unsaved: ReadableState<boolean>;
}

/**
 * @param onRefused called with the segment whose lock forbids a commit
 * @param meaning what a new segment is, unless said otherwise
 */
export function createLabelmapPort(
  onRefused: (segment: Segment) => void,
  meaning: () => SegmentMeaning = () => DEFAULT_MEANING,
): AppLabelmap {
  const empty = journalOf(emptyLabelmap({ columns: 0, rows: 0, slices: 0 }));
  const state = createStore<LabelmapState>(() => ({ journal: empty, activeSegment: undefined, preview: undefined }));
  const saved = createStore<{ readonly step: Journal['past'][number] | undefined }>(() => ({ step: undefined }));
  const journal = (): Journal => state.getState().journal;
  const isUnsaved = (): boolean => journal().past.at(-1) !== saved.getState().step;
  const show = (next: Journal): void => {
    const kept = state.getState().activeSegment;
    state.setState({ journal: next, activeSegment: stillActive(next.labelmap, kept) });
  };

  return {
    state,
    commit(label, next) {
      const touched = lockedChange(journal().labelmap, next);
      if (touched !== undefined) onRefused(touched);
      else show(commit(journal(), label, next));
    },
    replace(labelmap, origin) {
      saved.setState({ step: undefined });
      const activeSegment = labelmap.segments[0]?.number;
      state.setState({ journal: journalOf(labelmap), activeSegment, preview: undefined, origin });
    },
    undo() {
      const step = state.getState().pending?.undo;
      if (step === undefined) show(withDisplayOf(undo(journal()), journal().labelmap));
      else step.run();
    },
    redo() {
      const step = state.getState().pending?.redo;
      if (step === undefined) show(withDisplayOf(redo(journal()), journal().labelmap));
      else step.run();
    },
    setPending: (pending) => state.setState({ pending }),
    restore(journal, origin) {
      saved.setState({ step: undefined });
      const activeSegment = journal.labelmap.segments[0]?.number;
      state.setState({ journal, activeSegment, preview: undefined, origin });
    },
    setPreview: (preview) => state.setState({ preview }),
    setActiveSegment: (activeSegment) => state.setState({ activeSegment }),
    markSaved(stored, origin) {
      saved.setState({ step: stored.past.at(-1) });
      if (origin !== undefined) state.setState({ origin });
    },
    draftSegment: (change = {}) => draft(journal().labelmap, meaning(), change),
    setDisplay(number, change) {
      const { labelmap } = journal();
      const segments = labelmap.segments.map((segment) =>
        segment.number === number ? { ...segment, ...change } : segment,
      );
      state.setState({ journal: { ...journal(), labelmap: { ...labelmap, segments } } });
    },
    unsaved: {
      getState: isUnsaved,
      subscribe(listener) {
        const ends = [state.subscribe(listener), saved.subscribe(listener)];
        return () => {
          for (const end of ends) end();
        };
      },
    },
  };
}

function draft(labelmap: Labelmap, meaning: SegmentMeaning, change: Partial<Omit<Segment, 'number'>>): Segment {
  const number = nextSegmentNumber(labelmap);
  const label = text.segments.defaultLabel(meaning.type.meaning, number);
  return {
    label,
    color: colorOf(number),
    ...meaning,
    algorithm: { type: 'MANUAL' },
    trackingId: label,
    trackingUid: newUid(),
    visible: true,
    locked: false,
    ...change,
    number,
  };
}

const stillActive = (labelmap: Labelmap, number: number | undefined): number | undefined =>
  labelmap.segments.some((segment) => segment.number === number) ? number : labelmap.segments.at(-1)?.number;

const lockedChange = (before: Labelmap, after: Labelmap): Segment | undefined =>
  before.segments.find(({ locked, number }) => locked && before.voxels.get(number) !== after.voxels.get(number));

/** An undone step must not open an eye or a padlock that the reader has closed since. */
function withDisplayOf(journal: Journal, shown: Labelmap): Journal {
  const now = new Map(shown.segments.map((segment) => [segment.number, segment]));
  const segments = journal.labelmap.segments.map((segment) => {
    const { visible, locked, opacity } = now.get(segment.number) ?? segment;
    return { ...segment, visible, locked, ...(opacity === undefined ? {} : { opacity }) };
  });
  return { ...journal, labelmap: { ...journal.labelmap, segments } };
}
