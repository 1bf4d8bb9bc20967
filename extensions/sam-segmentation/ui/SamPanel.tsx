import { type ReactNode, useMemo, useRef } from 'react';
import type { Host } from '#extension-api';
import { Button, Kbd, Select, useReadable } from '#ui';
import { holderOf } from '../session/holder.ts';
import { failureOf } from '../session/lesionFailure.ts';
import { type NextAction, nextAction } from '../session/nextAction.ts';
import type { SamSession } from '../session/session.ts';
import { isSamTool, SamTool } from '../session/toolNames.ts';
import { text } from '../text.ts';
import { ModelState } from './ModelState.tsx';
import { PromptList } from './PromptList.tsx';
import { PropagationChoice } from './PropagationChoice.tsx';
import styles from './SamPanel.module.css';
import { WindowChoice } from './WindowChoice.tsx';
import { nextStepText } from './words.ts';

const words = text.panel;

interface SamProps {
  readonly host: Host;
  readonly session: SamSession;
}

interface SamPanelProps extends SamProps {
  /** The key of the box tool, where a host has given it another one. */
  readonly boxKey?: string;
  /** Where the model is chosen, in a host that has several. */
  readonly modelChoice?: ReactNode;
}

/** What comes next, in words, and all that decides what the model will be asked. */
export function SamPanel({ host, session, boxKey = 'b', modelChoice }: SamPanelProps) {
  const state = useReadable(session.state);
  const pace = useReadable(session.pace);
  return (
    <div className={styles.panel}>
      <p className={styles.next} role="status">
        {nextStepText(state, pace)}
      </p>
      <Actions host={host} session={session} boxKey={boxKey} />
      <Problem session={session} />
      <PromptList host={host} session={session} />
      {state.ground.kind === 'refused' ? null : (
        <>
          <Target host={host} session={session} />
          <Held host={host} session={session} />
          {modelChoice}
          <ModelState session={session} />
          <WindowChoice host={host} session={session} />
          <PropagationChoice session={session} />
        </>
      )}
    </div>
  );
}

const MAIN: Readonly<Record<NextAction, { readonly id: string; readonly title: string } | undefined>> = {
  'draw-box': undefined,
  nothing: undefined,
  wait: undefined,
  propagate: { id: 'sam.propagate', title: text.command.propagate },
  redo: { id: 'sam.propagate', title: words.redo },
  accept: { id: 'sam.accept', title: text.command.accept },
  retry: { id: 'sam.retry', title: text.command.retry },
};

function Actions({ host, session, boxKey }: SamProps & { readonly boxKey: string }) {
  const state = useReadable(session.state);
  const tool = useReadable(host.viewer.activeTool);
  const action = nextAction(state);
  const main = MAIN[action];
  const { phase } = state.lesion;
  const working = phase === 'prompting' || phase === 'reviewing';
  return (
    <div className={styles.actions}>
      {action === 'draw-box' && !isSamTool(tool) ? (
        <Button kind="primary" icon="box" onClick={() => host.viewer.activateTool(SamTool.box)}>
          {words.boxTool} <Kbd keys={boxKey} />
        </Button>
      ) : null}
      {main === undefined ? null : (
        <Button kind="primary" onClick={() => host.runCommand(main.id)}>
          {main.title} <Kbd keys="Enter" />
        </Button>
      )}
      {working && action !== 'accept' && !(phase === 'prompting' && action === 'retry') ? (
        <Button onClick={() => host.runCommand('sam.acceptAsShown')}>
          {phase === 'prompting' ? words.acceptSlice : words.acceptShown}
        </Button>
      ) : null}
      {working ? (
        <Button onClick={() => host.runCommand('sam.reject')}>
          {words.drop} <Kbd keys="Escape" />
        </Button>
      ) : null}
      {phase === 'propagating' ? (
        <Button onClick={() => host.runCommand('sam.stop')}>
          {words.stop} <Kbd keys="Escape" />
        </Button>
      ) : null}
      {phase === 'rejected' ? (
        <Button icon="undo" onClick={() => host.runCommand('sam.restore')}>
          {words.restore}
        </Button>
      ) : null}
    </div>
  );
}

/** The failure of the last run or preview, with what can be done. */
function Problem({ session }: { readonly session: SamSession }) {
  const { ground, lesion } = useReadable(session.state);
  const error = ground.kind === 'refused' ? ground.error : failureOf(lesion);
  if (error === undefined) return null;
  return (
    <div className={styles.problem} role="alert">
      {ground.kind === 'refused' ? null : <p>{error.message}</p>}
      {error.remedy === undefined ? null : <p>{error.remedy}</p>}
      {error.cause === undefined ? null : <p className={styles.quiet}>{error.cause}</p>}
    </div>
  );
}

const NEW = 'new';

/** Which segment the lesion goes into: a new one, unless the reader says otherwise. */
function Target({ host, session }: SamProps) {
  const { into, ground } = useReadable(session.state);
  const { segments } = useReadable(host.labelmap.state).journal.labelmap;
  if (ground.kind !== 'open' || segments.length === 0) return null;
  return (
    <div className={styles.row}>
      <span className={styles.label}>{words.goesInto}</span>
      <Select
        label={words.target}
        value={into.kind === 'new' ? NEW : String(into.number)}
        options={[
          { value: NEW, label: words.newSegment },
          ...segments.map(({ number, label }) => ({ value: String(number), label: words.add(label) })),
        ]}
        onChange={(value) =>
          session.send({
            kind: 'choose-target',
            target: value === NEW ? { kind: 'new' } : { kind: 'segment', number: Number(value) },
          })
        }
      />
    </div>
  );
}

/** Why little or nothing of the lesion shows: another segment has it already. */
function Held({ host, session }: SamProps) {
  const { lesion, into } = useReadable(session.state);
  const { labelmap } = useReadable(host.labelmap.state).journal;
  const holder = useMemo(() => holderOf(lesion, labelmap, into), [lesion, labelmap, into]);
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place} tabIndex={-1} role="status" className={holder === undefined ? styles.place : styles.warning}>
      {holder === undefined ? null : (
        <>
          {words.held(holder.label)}
          <Button
            onClick={() => {
              // The button goes with what it says: the keyboard stays where it was.
              place.current?.focus();
              session.send({ kind: 'choose-target', target: { kind: 'segment', number: holder.number } });
            }}
          >
            {words.addTo(holder.label)}
          </Button>
        </>
      )}
    </div>
  );
}
