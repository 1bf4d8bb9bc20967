import { type Labelmap, nextSegmentNumber, type SliceMask } from '#core/labelmap/labelmap.ts';
import { colorOf, type Rgb } from '#core/labelmap/segment.ts';
import type { Host, ReadableState } from '#extension-api';
import type { SessionState, Target } from './sessionState.ts';
import { erasedOf, masksToCommit } from './shownMasks.ts';

/** Keeps the preview layer equal to what accepting would write. */
export function showPreview(host: Host, state: ReadableState<SessionState>): () => void {
  let shownFor: { readonly session: SessionState; readonly labelmap: Labelmap } | undefined;
  let empty = true;
  const show = (): void => {
    const session = state.getState();
    const { labelmap } = host.labelmap.state.getState().journal;
    if (
      shownFor?.session.lesion === session.lesion &&
      shownFor.labelmap === labelmap &&
      shownFor.session.into === session.into
    ) {
      return;
    }
    shownFor = { session, labelmap };
    const { number, color } = segmentOf(session.into, labelmap);
    const slices: ReadonlyMap<number, SliceMask> = masksToCommit(session.lesion, labelmap, number);
    if (slices.size === 0 && empty) return;
    empty = slices.size === 0;
    const erased = erasedOf(session.lesion, number);
    const instead = erased === undefined ? {} : { instead: { segment: number, slices: new Set(erased.keys()) } };
    host.labelmap.setPreview(empty ? undefined : { color, slices, ...instead });
  };
  const ends = [state.subscribe(show), host.labelmap.state.subscribe(show)];
  return () => {
    for (const end of ends) end();
    host.labelmap.setPreview(undefined);
  };
}

function segmentOf(into: Target, labelmap: Labelmap): { readonly number: number; readonly color: Rgb } {
  const number = into.kind === 'new' ? nextSegmentNumber(labelmap) : into.number;
  return { number, color: labelmap.segments.find((segment) => segment.number === number)?.color ?? colorOf(number) };
}
