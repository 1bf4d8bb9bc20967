import { Kbd, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { KeptState } from '../autosave/KeptState.tsx';
import { useCommandGround } from '../commands/useAvailability.ts';
import { text } from '../text.ts';
import styles from './HintLine.module.css';
import { hintOf } from './hint.ts';

/** One quiet line under the image: what to do next, and whether the work is stored. */
export function HintLine() {
  const { viewer, labelmap, commands } = useApp();
  useCommandGround(commands.all);
  const open = useReadable(viewer.openSeries);
  const activeTool = useReadable(viewer.activeTool);
  const { journal, preview } = useReadable(labelmap.state);
  const unsaved = useReadable(labelmap.unsaved);
  const segments = journal.labelmap.segments.length;
  const hint = hintOf({
    seriesOpen: open !== undefined,
    viewOnly: open?.series.stack.use === 'view',
    preview: preview !== undefined,
    segments,
    unsaved,
    activeTool,
    available: commands.all.filter(
      (command) => command.shortcut !== undefined && commands.availability(command).available,
    ),
  });
  return (
    <section className={styles.line} aria-label={text.region.hint}>
      <span className={styles.hint}>
        {hint.text}
        {hint.commands.map((command) => (
          <span key={command.id} className={styles.command}>
            {command.shortcut === undefined ? null : <Kbd keys={command.shortcut} />}
            {command.title}
          </span>
        ))}
      </span>
      {segments === 0 && !unsaved ? null : (
        <span className={unsaved ? styles.unsaved : styles.saved}>
          {unsaved ? text.hint.unsaved : text.hint.saved}
          <KeptState />
        </span>
      )}
    </section>
  );
}
