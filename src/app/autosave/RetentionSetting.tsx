import { Button, Select, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { RETENTIONS } from './autosave.ts';
import styles from './Kept.module.css';
import { keptText } from './keptText.ts';

/** How long unsaved work is kept, and the door to what is. */
export function RetentionSetting({ withDoor = true }: { readonly withDoor?: boolean }) {
  const { settings, shell } = useApp();
  const { retention } = useReadable(settings.state);
  return (
    <div className={styles.setting}>
      <span>{keptText.retention}</span>
      <span className={styles.choices}>
        <Select
          label={keptText.retention}
          value={retention}
          options={RETENTIONS.map((value) => ({ value, label: keptText.retentions[value] }))}
          onChange={(value) => settings.change({ retention: value })}
        />
        {withDoor ? <Button onClick={() => shell.change({ dialog: 'kept' })}>{keptText.showKept}</Button> : null}
      </span>
    </div>
  );
}
