import { type SliceBox, slicePoint } from '#core/geometry/coordinates.ts';
import { isRecord } from '#core/isRecord.ts';
import type { Host } from '#extension-api';
import type { LesionPrompts } from './lesionPrompts.ts';
import type { SamSession } from './session.ts';
import type { SessionEvent } from './sessionState.ts';

const OWNER = 'sam-segmentation';
/** A handle that is being dragged rests before it is written. */
const REST_MS = 300;

/**
 * Keeps what the reader has said about a lesion that is not accepted yet, and says it again when kept work is taken up: the model
 * answers anew, so nothing that was only computed has to be kept.
 */
export function keepPrompts({ drafts }: Host, session: SamSession): () => void {
  if (drafts === undefined) return () => {};
  let known: LesionPrompts | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const follow = (): void => {
    const { lesion } = session.state.getState();
    const prompts = 'prompts' in lesion ? lesion.prompts : undefined;
    if (prompts === known) return;
    known = prompts;
    clearTimeout(waiting);
    if (prompts === undefined) drafts.keepDraft(OWNER, undefined);
    else waiting = setTimeout(() => drafts.keepDraft(OWNER, draftOf(prompts)), REST_MS);
  };
  const ends = [
    session.state.subscribe(follow),
    drafts.onDraft(OWNER, (draft) => {
      for (const event of eventsOf(draft)) session.send(event);
    }),
  ];
  return () => {
    clearTimeout(waiting);
    for (const end of ends) end();
  };
}

/** As JSON. */
export const draftOf = ({ slices, range }: LesionPrompts): unknown => ({
  slices: [...slices].map(([k, { box, points }]) => ({ k, box, points })),
  first: range.first ?? null,
  last: range.last ?? null,
});

/** What the reader did, in order: boxes, points, ends. Nothing where it is not what we write. */
export function eventsOf(draft: unknown): readonly SessionEvent[] {
  if (!isRecord(draft) || !Array.isArray(draft.slices)) return [];
  const events: SessionEvent[] = [];
  for (const slice of draft.slices as readonly unknown[]) {
    if (!isRecord(slice) || typeof slice.k !== 'number' || !isBox(slice.box)) return [];
    const { k, box } = slice;
    events.push({ kind: 'box', k, box, draft: false });
    for (const point of Array.isArray(slice.points) ? (slice.points as readonly unknown[]) : []) {
      if (!isRecord(point) || !Array.isArray(point.at)) return [];
      const [x, y] = point.at as readonly unknown[];
      if (typeof x !== 'number' || typeof y !== 'number') return [];
      events.push({ kind: 'point', k, point: { at: slicePoint(x, y), inside: point.inside === true } });
    }
  }
  for (const end of ['first', 'last'] as const) {
    const k = draft[end];
    if (typeof k === 'number') events.push({ kind: 'set-end', end, k });
  }
  return events;
}

const isBox = (value: unknown): value is SliceBox =>
  isRecord(value) && [value.x0, value.y0, value.x1, value.y1].every((edge) => typeof edge === 'number');
