import { Button, Dialog, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { cell } from '../cell.ts';
import type { App } from '../createApp.ts';
import { OutboxList } from '../outbox/OutboxList.tsx';
import type { Outbox } from '../outbox/outbox.ts';
import type { SignInState } from '../signIn/createSignIn.ts';
import { signInText } from '../signIn/signInText.ts';
import { text } from '../text.ts';
import type { Autosave, DamagedRecord, KeptWork } from './autosave.ts';
import styles from './Kept.module.css';
import { keptText, momentText, sizeText } from './keptText.ts';
import { RetentionSetting } from './RetentionSetting.tsx';

const NOBODY = cell<SignInState>({ kind: 'signed-out' });

/** All that is kept in this browser: unsaved work, and what has not reached the archive. */
export function KeptDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const { autosave, outbox } = app;
  return (
    <Dialog open onClose={onClose} title={keptText.title} closeLabel={text.close} shape="wide">
      {autosave === undefined || outbox === undefined ? (
        <p>{keptText.unsupported}</p>
      ) : (
        <Kept app={app} autosave={autosave} outbox={outbox} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface KeptProps {
  readonly app: App;
  readonly autosave: Autosave;
  readonly outbox: Outbox;
  readonly onClose: () => void;
}

function Kept({ app, autosave, outbox, onClose }: KeptProps) {
  const works = useReadable(autosave.kept);
  const items = useReadable(outbox.items);
  const damaged = useReadable(autosave.damaged);
  const all = [...works, ...items, ...damaged];
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const clear = async (): Promise<void> => {
    if (!(await app.shell.ask({ ...keptText.clearQuestion, loses: true }))) return;
    await autosave.discard([...works.filter(({ inUse }) => !inUse), ...damaged].map(({ id }) => id));
    await outbox.discard(items.filter(({ busy }) => !busy).map(({ id }) => id));
  };
  return (
    <>
      <h3 className={styles.heading}>{keptText.unsaved}</h3>
      {works.length === 0 ? <p className={styles.quiet}>{keptText.noUnsaved}</p> : null}
      <ul className={styles.list}>
        {works.map((work) => (
          <WorkRow key={work.id} app={app} autosave={autosave} work={work} onClose={onClose} />
        ))}
      </ul>
      <h3 className={styles.heading}>{keptText.outbox.title}</h3>
      <OutboxList app={app} outbox={outbox} />
      {damaged.length === 0 ? null : <Damaged app={app} autosave={autosave} damaged={damaged} />}
      <RetentionSetting withDoor={false} />
      <Protection app={app} />
      <div className={styles.setting}>
        <span className={styles.quiet}>{keptText.total(all.length, total)}</span>
        <Button kind="danger" unavailable={all.length === 0} onClick={() => void clear()}>
          {keptText.clear}
        </Button>
      </div>
    </>
  );
}

interface DamagedProps extends Pick<KeptProps, 'app' | 'autosave'> {
  readonly damaged: readonly DamagedRecord[];
}

/** What nobody can read any more is still the reader's to delete. */
function Damaged({ app, autosave, damaged }: DamagedProps) {
  const discard = async (): Promise<void> => {
    if (await app.shell.ask({ ...keptText.discardQuestion, loses: true }))
      await autosave.discard(damaged.map(({ id }) => id));
  };
  const bytes = damaged.reduce((sum, record) => sum + record.bytes, 0);
  return (
    <div className={styles.setting}>
      <span>{keptText.damaged(damaged.length, bytes)}</span>
      <Button onClick={() => void discard()}>{keptText.discard}</Button>
    </div>
  );
}

/** Who can open what is kept; and the way to put an end to it. */
function Protection({ app }: { readonly app: App }) {
  const state = useReadable(app.signIn?.state ?? NOBODY);
  const signedIn = state.kind === 'signed-in';
  const signOut = async (): Promise<void> => {
    if (await app.shell.ask({ ...signInText.signOutQuestion, loses: true })) app.signIn?.signOut();
  };
  return (
    <div className={styles.setting}>
      <p className={styles.quiet}>
        {signedIn && state.owner !== undefined ? keptText.protection.session : keptText.protection.nobody}
      </p>
      {signedIn ? <Button onClick={() => void signOut()}>{signInText.signOut}</Button> : null}
    </div>
  );
}

interface RowProps extends Omit<KeptProps, 'outbox'> {
  readonly work: KeptWork;
}

function WorkRow({ app, autosave, work, onClose }: RowProps) {
  const { id, about, updatedAt, bytes, inUse } = work;
  const source = app.host.sources.find((one) => one.id === about.sourceId);
  const shown = useReadable(app.viewer.openSeries)?.series.seriesInstanceUID === about.seriesInstanceUID;
  const open = async (): Promise<void> => {
    onClose();
    if (shown) await autosave.restore(id);
    else if (source !== undefined) await app.session.openSeries({ ...about, source });
  };
  const discard = async (): Promise<void> => {
    if (await app.shell.ask({ ...keptText.discardQuestion, loses: true })) await autosave.discard([id]);
  };
  return (
    <li className={styles.row}>
      <span className={styles.words}>
        <strong>{about.patient || text.browser.noName}</strong>
        <br />
        {about.description}
        <br />
        <span className={styles.quiet}>
          {momentText(updatedAt)}, {sizeText(bytes)}
          {inUse ? `, ${keptText.inUseMark}` : source === undefined && !shown ? `. ${keptText.noSource}` : null}
        </span>
      </span>
      <span className={styles.choices}>
        <Button unavailable={inUse || (source === undefined && !shown)} onClick={() => void open()}>
          {shown ? keptText.restore : keptText.open}
        </Button>
        <Button unavailable={inUse} onClick={() => void discard()}>
          {keptText.discard}
        </Button>
      </span>
    </li>
  );
}
