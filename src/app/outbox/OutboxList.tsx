import { appError } from '#core/errors.ts';
import { Button, Progress, useReadable } from '#ui';
import styles from '../autosave/Kept.module.css';
import { keptText, momentText, sizeText } from '../autosave/keptText.ts';
import type { App } from '../createApp.ts';
import { giveFile } from '../shell/giveFile.ts';
import { text } from '../text.ts';
import type { Outbox, OutboxItem } from './outbox.ts';

interface OutboxProps {
  readonly app: App;
  readonly outbox: Outbox;
}

/** Objects that no archive has proved to hold, each with what happened to it. */
export function OutboxList({ app, outbox }: OutboxProps) {
  const items = useReadable(outbox.items);
  if (items.length === 0) return <p className={styles.quiet}>{keptText.outbox.none}</p>;
  return (
    <ul className={styles.list}>
      {items.map((item) => (
        <Row key={item.id} app={app} outbox={outbox} item={item} />
      ))}
    </ul>
  );
}

function Row({ app, outbox, item }: OutboxProps & { readonly item: OutboxItem }) {
  const { id, patient, description, createdAt, bytes, busy, sopInstanceUID, outcome } = item;
  const running = useReadable(outbox.progress);
  const words = keptText.outbox;
  const mine = running.has(id);
  const otherContent = outcome.kind === 'failed' && outcome.recovery === 'other-content';
  const discard = async (): Promise<void> => {
    if (await app.shell.ask({ ...words.discardQuestion, loses: true })) await outbox.discard([id]);
  };
  const download = async (): Promise<void> => {
    const file = await outbox.file(id);
    if (file !== undefined) giveFile('segmentation.dcm', file);
    else app.host.notices.show({ kind: 'error', error: appError('outbox-gone', words.gone) });
  };
  return (
    <li className={styles.row}>
      <span className={styles.words}>
        <strong>{patient || text.browser.noName}</strong>
        <br />
        {description}
        <br />
        <span className={styles.quiet}>
          {momentText(createdAt)}, {sizeText(bytes)}, {sopInstanceUID}
        </span>
        <span role="status" className={styles.happened}>
          {busy ? words.busy : happened(item)}
        </span>
        {mine ? <Progress label={words.busy} share={running.get(id)} /> : null}
      </span>
      <span className={styles.choices}>
        {mine ? (
          <Button onClick={() => outbox.stop(id)}>{words.stop}</Button>
        ) : (
          <Button
            kind="primary"
            title={words.retryDetail}
            unavailable={busy || otherContent}
            onClick={() => void outbox.retry(id)}
          >
            {words.retry}
          </Button>
        )}
        <Button onClick={() => void download()}>{words.download}</Button>
        <Button unavailable={busy} onClick={() => void discard()}>
          {words.discard}
        </Button>
      </span>
    </li>
  );
}

function happened({ outcome }: OutboxItem): string {
  if (outcome.kind === 'interrupted') return keptText.outbox.interrupted;
  if (outcome.kind === 'sending') return keptText.outbox.busy;
  const { error, recovery } = outcome;
  const remedy = recovery === 'other-content' ? keptText.outbox.otherContent : keptText.outbox.retryDetail;
  return `${error.message} ${remedy}`;
}
