import { Button, Kbd, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './FirstSteps.module.css';

/** The journey in five lines, until the reader has had enough of it. */
export function FirstSteps() {
  const { settings } = useApp();
  const { firstSteps } = useReadable(settings.state);
  if (!firstSteps) return null;
  return (
    <section className={styles.steps} aria-label={text.look.firstSteps}>
      <ol>
        {text.look.steps.map(({ keys, words }) => (
          <li key={words} className={styles.step}>
            <span className={styles.keys}>
              <Kbd keys={keys} />
            </span>
            {words}
          </li>
        ))}
      </ol>
      <Button kind="quiet" onClick={() => settings.change({ firstSteps: false })}>
        {text.look.hideSteps}
      </Button>
    </section>
  );
}
