import { type Labelmap, nextSegmentNumber, type SliceMask } from '#core/labelmap/labelmap.ts';
import { colorOf, type Rgb } from '#core/labelmap/segment.ts';
import type { Host, Preview, ReadableState } from '#extension-api';
import type { SessionState, Target } from './sessionState.ts';
import { erasedOf, masksToCommit } from './shownMasks.ts';

/** Keeps the preview layer equal to what accepting would write. */
export function showPreview(host: Host, state: ReadableState<SessionState>): () => void {
  let shownFor: { readonly session: SessionState; readonly labelmap: Labelmap } | undefined;
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
    const erased = erasedOf(session.lesion, number);
    const instead = erased === undefined ? {} : { instead: { segment: number, slices: new Set(erased.keys()) } };
    const next = slices.size === 0 ? undefined : { color, slices, ...instead };
    // Every step of a run is a new lesion, most of them with the masks of the one before: nothing to draw again.
    if (isSame(host.labelmap.state.getState().preview, next)) return;
    host.labelmap.setPreview(next);
  };
  const ends = [state.subscribe(show), host.labelmap.state.subscribe(show)];
  return () => {
    for (const end of ends) end();
    host.labelmap.setPreview(undefined);
  };
}

function isSame(a: Preview | undefined, b: Preview | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.color === b.color &&
    a.instead === undefined &&
    b.instead === undefined &&
    a.slices.size === b.slices.size &&
    [...b.slices].every(([k, mask]) => a.slices.get(k) === mask)
  );
}

function segmentOf(into: Target, labelmap: Labelmap): { readonly number: number; readonly color: Rgb } {
  const number = into.kind === 'new' ? nextSegmentNumber(labelmap) : into.number;
  return { number, color: labelmap.segments.find((segment) => segment.number === number)?.color ?? colorOf(number) };
}
