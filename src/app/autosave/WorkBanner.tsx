import { type ReactNode, useState } from 'react';
import { Button, Icon, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import type { App } from '../createApp.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Autosave } from './autosave.ts';
import styles from './Kept.module.css';
import { keptText, momentText } from './keptText.ts';

/** What is kept and waits for the reader, and what is not kept: said for as long as it is so. */
export function WorkBanner() {
  const app = useApp();
  const unsaved = useReadable(app.labelmap.unsaved);
  if (app.autosave === undefined || app.outbox === undefined) {
    return unsaved ? <Line urgent>{keptText.unsupported}</Line> : null;
  }
  return <Lines app={app} autosave={app.autosave} outbox={app.outbox} />;
}

function Lines({ app, autosave, outbox }: { readonly app: App; readonly autosave: Autosave; readonly outbox: Outbox }) {
  const state = useReadable(autosave.state);
  const offers = useReadable(autosave.offers);
  const kept = useReadable(autosave.kept);
  const elsewhere = useReadable(autosave.elsewhere);
  const open = useReadable(app.viewer.openSeries);
  const waiting = useReadable(outbox.items).filter(({ busy }) => !busy).length;
  const [notNow, setNotNow] = useState<string>();
  const newest = offers[0];
  const free = kept.filter(({ inUse }) => !inUse);
  const others = open === undefined ? new Set(free.map(({ about }) => about.seriesInstanceUID)).size : 0;
  const situation = `${free[0]?.id} ${waiting}`;
  const show = <Button onClick={() => app.shell.change({ dialog: 'kept' })}>{keptText.show}</Button>;
  const later = <Button onClick={() => setNotNow(situation)}>{keptText.later}</Button>;
  return (
    <>
      {state.kind === 'failing' ? (
        <Line urgent action={show}>
          <strong>{keptText.failing}.</strong> {state.error.message} {state.error.remedy ?? keptText.failingRemedy}
        </Line>
      ) : null}
      {elsewhere ? <Line>{keptText.elsewhere}</Line> : null}
      {newest === undefined ? null : (
        <Line
          action={
            <>
              <Button kind="primary" onClick={() => void autosave.restore(newest.id)}>
                {keptText.restore}
              </Button>
              <Button onClick={() => void discard(app, autosave, newest.id)}>{keptText.discard}</Button>
              {offers.length > 1 ? show : null}
            </>
          }
        >
          {keptText.offer(momentText(newest.updatedAt))} {offers.length > 1 ? keptText.more(offers.length - 1) : null}
        </Line>
      )}
      {others > 0 && notNow !== situation ? (
        <Line
          action={
            <>
              {show}
              {later}
            </>
          }
        >
          {keptText.others(others)}
        </Line>
      ) : null}
      {waiting > 0 && notNow !== situation ? (
        <Line
          action={
            <>
              {show}
              {later}
            </>
          }
        >
          {keptText.outbox.banner(waiting)}
        </Line>
      ) : null}
    </>
  );
}

async function discard(app: App, autosave: Autosave, id: string): Promise<void> {
  if (await app.shell.ask({ ...keptText.discardQuestion, loses: true })) await autosave.discard([id]);
}

interface LineProps {
  readonly urgent?: boolean;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

const Line = ({ urgent = false, action, children }: LineProps) => (
  <div className={urgent ? styles.urgent : styles.line}>
    <Icon name={urgent ? 'error' : 'info'} />
    <p className={styles.words} role={urgent ? 'alert' : 'status'}>
      {children}
    </p>
    {action === undefined ? null : <span className={styles.choices}>{action}</span>}
  </div>
);
