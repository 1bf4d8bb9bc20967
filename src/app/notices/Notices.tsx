import { Button, NoticeCard, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { RefusedNotice } from '../drop/RefusedFiles.tsx';
import { text } from '../text.ts';
import type { ShownNotice } from './createNotices.ts';
import styles from './Notices.module.css';

/** What has happened. Two live regions that never go away: a reader announces only what changes inside one. */
export function Notices() {
  const { notices } = useApp();
  const { shown, announcement } = useReadable(notices.state);
  const urgent = shown.filter(({ notice }) => notice.kind === 'error');
  const calm = shown.filter(({ notice }) => notice.kind !== 'error');
  return (
    <section className={styles.stack} aria-label={text.region.notices}>
      <div role="alert">
        {urgent.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </div>
      <div role="status">
        <div className={styles.entry}>
          <RefusedNotice />
        </div>
        {calm.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
        <span className={styles.unseen}>{announcement}</span>
      </div>
    </section>
  );
}

function Entry({ entry: { id, notice, count } }: { readonly entry: ShownNotice }) {
  const { notices } = useApp();
  const times = count > 1 ? ` (${count})` : '';
  const card = { dismissLabel: text.dismiss, onDismiss: () => notices.dismiss(id) };
  if (notice.kind !== 'error') {
    return (
      <div className={styles.entry}>
        <NoticeCard {...card} kind={notice.kind} title={notice.title + times} detail={notice.detail} />
      </div>
    );
  }
  const { code, message, remedy, cause, context } = notice.error;
  const details = [code, cause, context === undefined ? undefined : JSON.stringify(context)].filter(Boolean).join('\n');
  return (
    <div className={styles.entry}>
      <NoticeCard {...card} kind="error" title={message + times} detail={remedy}>
        <details className={styles.details}>
          <summary>{text.failure.details}</summary>
          <pre>{details}</pre>
          <Button kind="quiet" onClick={() => void navigator.clipboard?.writeText(details)}>
            {text.failure.copy}
          </Button>
        </details>
      </NoticeCard>
    </div>
  );
}
