import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { Host, PendingWork, ReadableState } from '#extension-api';
import { maskBox, maskPixels } from '../mask/measure.ts';
import { text } from '../text.ts';
import type { Lesion, SessionEvent, SessionState, SliceResult, Target } from './sessionState.ts';
import { erasedOf, lesionResults } from './shownMasks.ts';

/** Offers the lesion that is being worked on to the host's brush, shape commands and undo. */
export function offerPending(
  host: Host,
  state: ReadableState<SessionState>,
  send: (event: SessionEvent) => void,
): () => void {
  let offeredFor: SessionState | undefined;
  const offer = (): void => {
    const now = state.getState();
    const { lesion, history, into } = now;
    if (offeredFor?.lesion === lesion && offeredFor.history === history && offeredFor.into === into) return;
    offeredFor = now;
    host.labelmap.setPending(pendingOf(host, now, send));
  };
  offer();
  const stop = state.subscribe(offer);
  return () => {
    stop();
    host.labelmap.setPending(undefined);
  };
}

function pendingOf(
  host: Host,
  { lesion, history, into }: SessionState,
  send: (event: SessionEvent) => void,
): PendingWork | undefined {
  const { past, future } = history;
  const active = 'prompts' in lesion;
  if (!active && past.length === 0 && future.length === 0) return undefined;
  const results = lesionResults(lesion);
  const edited = (k: number, mask: SliceMask): SliceResult => editedSlice(host, k, mask, results.get(k));
  const step = (entry: { readonly label: string } | undefined, kind: 'undo' | 'redo') =>
    entry && { label: entry.label, run: () => send({ kind }) };
  return {
    label: text.pending,
    voxels: active ? new Map([...results].map(([k, { mask }]) => [k, mask])) : undefined,
    under: (k) => segmentUnder(host, lesion, into, k)?.kept,
    undo: step(past.at(-1), 'undo'),
    redo: step(future[0], 'redo'),
    edit(label, slices, by) {
      if (by === 'rule') {
        send({ kind: 'reshape', label, results: new Map([...slices].map(([k, mask]) => [k, edited(k, mask)])) });
        return;
      }
      for (const [k, mask] of slices) {
        const stroke = apart(mask, results.get(k)?.mask, segmentUnder(host, lesion, into, k));
        const result = stroke.lesion && edited(k, stroke.lesion);
        send({ kind: 'paint', k, label, result, erased: stroke.erased });
      }
    },
  };
}

interface SegmentUnder {
  readonly segment: number;
  /** Its mask on the slice as it is, and without what was erased. */
  readonly own: SliceMask;
  readonly kept: SliceMask;
}

/** What the segment that the lesion goes into has on slice k already. */
function segmentUnder({ labelmap }: Host, lesion: Lesion, into: Target, k: number): SegmentUnder | undefined {
  if (into.kind === 'new') return undefined;
  const own = labelmap.state.getState().journal.labelmap.voxels.get(into.number)?.get(k);
  const erased = erasedOf(lesion, into.number)?.get(k);
  return own && { segment: into.number, own, kept: own.map((value, index) => (erased?.[index] === 1 ? 0 : value)) };
}

/**
 * A stroke was drawn on lesion and segment together; this is what it did to each. Voxels of the segment do not become the lesion's:
 * what lies between keyframes is made after the lesion alone.
 */
function apart(
  drawn: SliceMask,
  before: SliceMask | undefined,
  under: SegmentUnder | undefined,
): { readonly lesion: SliceMask | undefined; readonly erased: Extract<SessionEvent, { kind: 'paint' }>['erased'] } {
  if (under === undefined) return { lesion: drawn, erased: undefined };
  const { segment, own } = under;
  const lesion = drawn.map((value, index) => (value === 1 && (before?.[index] === 1 || own[index] !== 1) ? 1 : 0));
  const gone = own.map((value, index) => (value === 1 && drawn[index] !== 1 ? 1 : 0));
  return {
    lesion: lesion.some((value, index) => value !== (before?.[index] ?? 0)) ? lesion : undefined,
    erased: { segment, mask: gone.includes(1) ? gone : undefined },
  };
}

/** A slice whose mask the model did not make: no score, and the box that it now fills. */
function editedSlice({ viewer }: Host, k: number, mask: SliceMask, before: SliceResult | undefined): SliceResult {
  const plane = viewer.openSeries.getState()?.series.stack.planes[k];
  const { columns, columnSpacing, rowSpacing } = plane ?? { columns: 1, columnSpacing: 0, rowSpacing: 0 };
  const box = maskBox(mask, columns) ?? before?.box ?? { x0: 0, y0: 0, x1: 0, y1: 0 };
  return { mask, area: maskPixels(mask) * columnSpacing * rowSpacing, score: undefined, box };
}
