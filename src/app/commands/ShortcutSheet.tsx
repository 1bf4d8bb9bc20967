import { Dialog, Kbd } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './ShortcutSheet.module.css';
import { isListed } from './viewCommands.ts';

const GROUPS = ['prompt', 'propagate', 'segment', 'view', 'file', 'help'] as const;

/** The keys of every command, from the same records that the keyboard reads. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const { commands } = useApp();
  return (
    <Dialog open onClose={onClose} title={text.shortcuts.title} closeLabel={text.close} shape="wide">
      <div className={styles.columns}>
        {GROUPS.map((group) => {
          const entries = commands.all.filter(
            (command) =>
              command.group === group &&
              command.shortcut !== undefined &&
              isListed(command, commands.availability(command).available),
          );
          if (entries.length === 0) return null;
          return (
            <section key={group} className={styles.group}>
              <h3 className={styles.heading}>{text.group[group]}</h3>
              <dl>
                {entries.map((command) => (
                  <div key={command.id} className={styles.row}>
                    <dt>{command.title}</dt>
                    <dd>{command.shortcut === undefined ? null : <Kbd keys={command.shortcut} />}</dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
      <p className={styles.note}>
        <a href="licences.txt" target="_blank" rel="noreferrer">
          {text.shortcuts.licences}
        </a>
      </p>
    </Dialog>
  );
}
