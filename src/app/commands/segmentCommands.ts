import { withDuplicate, withMerged, withoutSegment, withSegment } from '#core/labelmap/edit.ts';
import { segmentByNumber, voxelsOf } from '#core/labelmap/labelmap.ts';
import { segmentExtent } from '#core/labelmap/measureVolume.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import type { Command, Host, LabelmapState } from '#extension-api';
import { copyResults } from '../segments/copyResults.ts';
import { text } from '../text.ts';

/** Changes of the list of segments; the panel's buttons call the same functions. */
export function addSegment({ labelmap }: Host): void {
  const segment = labelmap.draftSegment();
  labelmap.commit(text.command.newSegment, withSegment(labelmap.state.getState().journal.labelmap, segment));
  labelmap.setActiveSegment(segment.number);
}

export function deleteSegment({ labelmap }: Host, segment: Segment): void {
  labelmap.commit(
    text.segments.removed(segment.label),
    withoutSegment(labelmap.state.getState().journal.labelmap, segment.number),
  );
}

export function duplicateSegment(
  { labelmap }: Host,
  { number, label, category, type, laterality, algorithm }: Segment,
): void {
  const same = { category, type, algorithm, ...(laterality === undefined ? {} : { laterality }) };
  const copy = labelmap.draftSegment({ ...same, label: text.segments.copyOf(label) });
  const { journal } = labelmap.state.getState();
  labelmap.commit(text.segments.duplicate(label), withDuplicate(journal.labelmap, number, copy));
  labelmap.setActiveSegment(copy.number);
}

/** The other segment takes the voxels and keeps its name and meaning. */
export function mergeSegments({ labelmap }: Host, from: Segment, into: number): void {
  const { journal } = labelmap.state.getState();
  const target = segmentByNumber(journal.labelmap, into);
  if (target === undefined || target.number === from.number) return;
  labelmap.commit(text.segments.merged(from.label, target.label), withMerged(journal.labelmap, from.number, into));
  labelmap.setActiveSegment(into);
}

export function jumpToSegment({ labelmap, viewer }: Host, number: number): void {
  const extent = segmentExtent(voxelsOf(labelmap.state.getState().journal.labelmap, number));
  if (extent !== undefined) viewer.goToSlice(extent.largest);
}

/** What undo takes back next; a step of pending work comes before the journal's. */
export const undoLabel = ({ journal, pending }: LabelmapState): string | undefined =>
  pending?.undo?.label ?? journal.past.at(-1)?.label;

export const redoLabel = ({ journal, pending }: LabelmapState): string | undefined =>
  pending?.redo?.label ?? journal.future[0]?.label;

const activeOf = ({ labelmap }: Host): Segment | undefined => {
  const { journal, activeSegment } = labelmap.state.getState();
  return journal.labelmap.segments.find(({ number }) => number === activeSegment);
};

export const SEGMENT_COMMANDS: readonly Command[] = [
  {
    id: 'segment.undo',
    title: text.command.undo,
    shortcut: 'Ctrl+z',
    group: 'segment',
    isEnabled: ({ labelmap }) => undoLabel(labelmap.state.getState()) !== undefined,
    run: ({ labelmap, notices }) => {
      const label = undoLabel(labelmap.state.getState());
      labelmap.undo();
      notices.announce(text.command.undone(label ?? ''));
    },
  },
  {
    id: 'segment.redo',
    title: text.command.redo,
    shortcut: 'Ctrl+Shift+z',
    group: 'segment',
    isEnabled: ({ labelmap }) => redoLabel(labelmap.state.getState()) !== undefined,
    run: ({ labelmap, notices }) => {
      const label = redoLabel(labelmap.state.getState());
      labelmap.redo();
      notices.announce(text.command.redone(label ?? ''));
    },
  },
  {
    id: 'segment.new',
    title: text.command.newSegment,
    shortcut: 'Shift+n',
    group: 'segment',
    isEnabled: ({ viewer }) => viewer.openSeries.getState() !== undefined,
    run: addSegment,
  },
  {
    id: 'segment.next',
    title: text.command.nextSegment,
    shortcut: 't',
    group: 'segment',
    isEnabled: ({ labelmap }) => labelmap.state.getState().journal.labelmap.segments.length > 1,
    run: ({ labelmap }) => {
      const { journal, activeSegment } = labelmap.state.getState();
      const { segments } = journal.labelmap;
      const at = segments.findIndex(({ number }) => number === activeSegment);
      labelmap.setActiveSegment(segments[(at + 1) % segments.length]?.number);
    },
  },
  {
    id: 'segment.jump',
    title: text.command.jump,
    shortcut: 'j',
    group: 'segment',
    isEnabled: (host) => activeOf(host) !== undefined,
    run: (host) => {
      const active = activeOf(host);
      if (active !== undefined) jumpToSegment(host, active.number);
    },
  },
  {
    id: 'segment.duplicate',
    title: text.command.duplicateSegment,
    shortcut: 'Ctrl+d',
    group: 'segment',
    isEnabled: (host) => activeOf(host) !== undefined,
    run: (host) => {
      const active = activeOf(host);
      if (active !== undefined) duplicateSegment(host, active);
    },
  },
  ...(['text', 'csv'] as const).map(
    (form): Command => ({
      id: form === 'text' ? 'segment.copyText' : 'segment.copyCsv',
      title: form === 'text' ? text.results.copyText : text.results.copyCsv,
      group: 'segment',
      isEnabled: ({ labelmap }) => labelmap.state.getState().journal.labelmap.segments.length > 0,
      run: (host) => copyResults(host, form),
    }),
  ),
  {
    id: 'segment.delete',
    title: text.command.deleteSegment,
    shortcut: 'Delete',
    group: 'segment',
    isEnabled: (host) => activeOf(host)?.locked === false,
    run: (host) => {
      const active = activeOf(host);
      if (active !== undefined) deleteSegment(host, active);
    },
  },
];
