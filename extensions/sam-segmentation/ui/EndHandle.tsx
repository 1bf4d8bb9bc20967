import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { classNames } from '#ui';
import type { End } from '../session/lesionPrompts.ts';
import type { SamSession } from '../session/session.ts';
import { text } from '../text.ts';
import styles from './PropagationStrip.module.css';
import type { Strip } from './stripModel.ts';

interface EndHandleProps {
  readonly end: End;
  readonly strip: Strip;
  readonly session: SamSession;
}

const NAMES = { first: text.strip.firstEnd, last: text.strip.lastEnd } as const;

/** An end of the lesion, to be dragged or moved by arrow keys; one change when it is let go. */
export function EndHandle({ end, strip, session }: EndHandleProps) {
  const [dragged, setDragged] = useState<number | undefined>(undefined);
  const { cells } = strip;
  const lowest = cells[0]?.k ?? 0;
  const highest = cells.at(-1)?.k ?? 0;
  const k = dragged ?? strip.ends[end].k;
  const share = (k - lowest + (end === 'first' ? 0 : 1)) / Math.max(1, cells.length);

  const sliceAt = (event: PointerEvent<HTMLElement>): number => {
    const track = event.currentTarget.parentElement?.getBoundingClientRect();
    if (track === undefined || track.width === 0) return k;
    const cell = ((event.clientX - track.left) / track.width) * cells.length;
    return Math.min(highest, Math.max(lowest, lowest + Math.round(cell) - (end === 'first' ? 0 : 1)));
  };
  const set = (slice: number): void => {
    if (slice !== strip.ends[end].k) session.send({ kind: 'set-end', end, k: slice });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const to = step === undefined ? { Home: lowest, End: highest }[event.key] : k + step;
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(to);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={NAMES[end]}
      aria-valuemin={lowest + 1}
      aria-valuemax={highest + 1}
      aria-valuenow={k + 1}
      aria-valuetext={text.strip.slice(k)}
      className={classNames(styles.handle, end === 'last' && styles.handleRight)}
      style={{ left: `${share * 100}%` }}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(sliceAt(event));
      }}
      onPointerMove={(event) => {
        if (dragged !== undefined) setDragged(sliceAt(event));
      }}
      onPointerUp={(event) => {
        if (dragged !== undefined) set(sliceAt(event));
        setDragged(undefined);
      }}
      onPointerCancel={() => setDragged(undefined)}
    />
  );
}
