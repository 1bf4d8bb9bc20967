import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { Host, PendingWork, ReadableState } from '#extension-api';
import { maskBox, maskPixels } from '../mask/measure.ts';
import { text } from '../text.ts';
import type { SessionEvent, SessionState, SliceResult } from './sessionState.ts';
import { lesionResults } from './shownMasks.ts';

/** Offers the lesion that is being worked on to the host's brush, shape commands and undo. */
export function offerPending(
  host: Host,
  state: ReadableState<SessionState>,
  send: (event: SessionEvent) => void,
): () => void {
  let offeredFor: SessionState | undefined;
  const offer = (): void => {
    const now = state.getState();
    if (offeredFor?.lesion === now.lesion && offeredFor.history === now.history) return;
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
  { lesion, history }: SessionState,
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
    undo: step(past.at(-1), 'undo'),
    redo: step(future[0], 'redo'),
    edit(label, slices, by) {
      if (by === 'rule') {
        send({ kind: 'reshape', label, results: new Map([...slices].map(([k, mask]) => [k, edited(k, mask)])) });
        return;
      }
      for (const [k, mask] of slices) send({ kind: 'paint', k, label, result: edited(k, mask) });
    },
  };
}

/** A slice whose mask the model did not make: no score, and the box that it now fills. */
function editedSlice({ viewer }: Host, k: number, mask: SliceMask, before: SliceResult | undefined): SliceResult {
  const plane = viewer.openSeries.getState()?.series.stack.planes[k];
  const { columns, columnSpacing, rowSpacing } = plane ?? { columns: 1, columnSpacing: 0, rowSpacing: 0 };
  const box = maskBox(mask, columns) ?? before?.box ?? { x0: 0, y0: 0, x1: 0, y1: 0 };
  return { mask, area: maskPixels(mask) * columnSpacing * rowSpacing, score: undefined, box };
}
