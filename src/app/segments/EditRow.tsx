import { IconButton, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { editTarget, RESHAPE_NAMES } from '../commands/editCommands.ts';
import { text } from '../text.ts';
import styles from './SegmentsPanel.module.css';

/** Changes by rule, of the lesion under review or of the active segment: it says which. */
export function EditRow() {
  const { host, labelmap, commands } = useApp();
  useReadable(labelmap.state);
  const target = editTarget(host);
  if (target === undefined) return null;
  return (
    <fieldset className={styles.edit} aria-label={text.reshape.title(target.label)}>
      <span className={styles.target}>{text.reshape.title(target.label)}</span>
      {RESHAPE_NAMES.map((name) => (
        <IconButton
          key={name}
          icon={name}
          label={text.reshape[name].title}
          detail={text.reshape[name].detail}
          shortcut={commands.find(`edit.${name}`)?.shortcut}
          unavailable={target.voxels.size === 0}
          onClick={() => commands.run(`edit.${name}`)}
        />
      ))}
    </fieldset>
  );
}
