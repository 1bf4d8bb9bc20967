import { type KeyboardEvent, useEffect, useState } from 'react';
import type { Host } from '#extension-api';
import { Button, classNames, Kbd, Progress, useReadable } from '#ui';
import type { SamSession } from '../session/session.ts';
import { isSamTool } from '../session/toolNames.ts';
import { text } from '../text.ts';
import { EndHandle } from './EndHandle.tsx';
import styles from './PropagationStrip.module.css';
import { cellText, type Strip, type StripCell, stripOf } from './stripModel.ts';
import { endText, timeLeftText } from './words.ts';

const words = text.strip;

interface StripProps {
  readonly host: Host;
  readonly session: SamSession;
}

/** The lesion slice by slice: how large, how sure, where it ends and why. */
export function PropagationStrip({ host, session }: StripProps) {
  const state = useReadable(session.state);
  const tool = useReadable(host.viewer.activeTool);
  const strip = stripOf(state);
  if (strip === undefined) return <Vacant shown={state.ground.kind === 'open' && isSamTool(tool)} />;
  return (
    <section className={styles.strip} aria-label={words.name}>
      <div className={styles.track}>
        <Cells host={host} strip={strip} />
        <EndHandle end="first" strip={strip} session={session} />
        <EndHandle end="last" strip={strip} session={session} />
      </div>
      <div className={styles.foot}>
        <EndReasonText strip={strip} end="first" />
        <Middle host={host} strip={strip} session={session} />
        <EndReasonText strip={strip} end="last" />
      </div>
    </section>
  );
}

/** Keeps the strip's place from the moment the tool is taken, so that the image does not move under the first box. */
const Vacant = ({ shown }: { readonly shown: boolean }) =>
  shown ? (
    <section className={classNames(styles.strip, styles.vacant)} aria-label={words.name}>
      <p>{words.vacant}</p>
    </section>
  ) : null;

function Cells({ host, strip }: { readonly host: Host; readonly strip: Strip }) {
  const current = useReadable(host.viewer.currentSlice);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const target =
      step !== undefined ? current + step : { Home: strip.ends.first.k, End: strip.ends.last.k }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    host.viewer.goToSlice(target);
  };
  return (
    <div
      className={styles.cells}
      role="listbox"
      aria-label={words.cells}
      aria-activedescendant={`sam-cell-${current}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <ScoreLine cells={strip.cells} />
      {strip.cells.map((cell) => (
        <Cell key={cell.k} cell={cell} current={cell.k === current} onGo={() => host.viewer.goToSlice(cell.k)} />
      ))}
    </div>
  );
}

/** Scores below this are the same to the eye: bad. */
const LOWEST_SCORE = 0.5;

/** The model's own estimate, slice by slice, over the bars; broken where there is none. */
function ScoreLine({ cells }: { readonly cells: readonly StripCell[] }) {
  const line = cells.map(({ score }, index) => {
    if (score === undefined) return '';
    const height = (Math.min(1, Math.max(LOWEST_SCORE, score)) - LOWEST_SCORE) / (1 - LOWEST_SCORE);
    const joins = cells[index - 1]?.score !== undefined;
    return `${joins ? 'L' : 'M'}${index + 0.5} ${(1 - 0.9 * height - 0.05).toFixed(3)}`;
  });
  return (
    <svg
      className={styles.score}
      viewBox={`0 0 ${Math.max(1, cells.length)} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={line.join('')} />
    </svg>
  );
}

function Cell({
  cell,
  current,
  onGo,
}: {
  readonly cell: StripCell;
  readonly current: boolean;
  readonly onGo: () => void;
}) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the list that owns the cells
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant carries the focus
    <div
      id={`sam-cell-${cell.k}`}
      role="option"
      aria-selected={current}
      aria-label={cellText(cell)}
      title={cellText(cell)}
      className={classNames(
        styles.cell,
        current && styles.current,
        cell.stale && styles.stale,
        cell.doubtful && styles.doubtful,
        cell.keyframe && styles.keyframe,
      )}
      onClick={onGo}
    >
      {cell.height === undefined ? null : (
        <span
          className={styles.bar}
          style={{ height: `${Math.max(4, cell.height * 100)}%`, opacity: opacityOf(cell.score) }}
        />
      )}
      {cell.keyframe ? <span className={styles.mark}>◆</span> : null}
    </div>
  );
}

/** A surer slice is a fuller one; what the score means differs from model to model, so the shade only orders. */
const opacityOf = (score: number | undefined): number =>
  score === undefined ? 0.6 : Math.min(1, Math.max(0.35, score));

function EndReasonText({ strip, end }: { readonly strip: Strip; readonly end: 'first' | 'last' }) {
  const { k, reason, given } = strip.ends[end];
  const why = reason === undefined ? (given ? words.given : '') : endText(reason);
  return (
    <p className={classNames(styles.reason, end === 'last' && styles.right)}>
      <strong>
        {words[end]} {text.sliceNumber(k)}
      </strong>{' '}
      {why}
    </p>
  );
}

function Middle({ host, strip, session }: StripProps & { readonly strip: Strip }) {
  const { running, doubtful } = strip;
  const pace = useReadable(session.pace);
  const elapsed = useElapsed(running !== undefined);
  if (running !== undefined) {
    const left = timeLeftText(running.done, running.expected, elapsed);
    const parts = [
      words.running(running.done, running.expected),
      ...(running.done === 0 || pace === undefined ? [] : [words.pace(pace)]),
      ...(left === undefined ? [] : [left]),
    ];
    return (
      <div className={styles.middle}>
        <Progress label={words.name} share={running.done / running.expected} />
        <span>{parts.join(' · ')}</span>
      </div>
    );
  }
  return (
    <div className={styles.middle}>
      {doubtful.length === 0 ? (
        <span>{words.legend}</span>
      ) : (
        <Button kind="quiet" onClick={() => host.runCommand('sam.nextDoubtful')}>
          {words.doubtful(doubtful.length)} <Kbd keys="n" />
        </Button>
      )}
    </div>
  );
}

/** Milliseconds since it began to run. */
function useElapsed(running: boolean): number {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    if (!running) return undefined;
    const start = performance.now();
    setElapsed(0);
    const timer = setInterval(() => setElapsed(performance.now() - start), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return elapsed;
}
