import { useEffect } from 'react';
import { IconButton, Select, useReadable } from '#ui';
import type { ModelLibrary } from '../library/modelLibrary.ts';
import { modelsText } from '../modelsText.ts';
import type { SamSession } from '../session/session.ts';
import { useLesionOpen } from './models/useLesionOpen.ts';
import styles from './SamPanel.module.css';

interface ModelChoiceProps {
  readonly session: SamSession;
  readonly library: ModelLibrary;
  readonly onManage: () => void;
}

/** Which model is prompted, of those that are here, and the way to get others. */
export function ModelChoice({ session, library, onManage }: ModelChoiceProps) {
  const models = useReadable(library.models).filter(({ role }) => role === 'prompt');
  const chosen = useReadable(library.chosen);
  const lesionOpen = useLesionOpen(session);
  useEffect(() => void library.refresh(), [library]);
  const name = models.find(({ id }) => id === chosen)?.name ?? chosen;
  return (
    <div className={styles.row}>
      <span className={styles.label}>{modelsText.label}</span>
      {models.length > 1 && !lesionOpen ? (
        <Select
          label={modelsText.choose}
          value={chosen}
          options={models.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(id) => library.choose(id)}
        />
      ) : (
        <span className={styles.value} title={lesionOpen && models.length > 1 ? modelsText.afterLesion : undefined}>
          {name}
        </span>
      )}
      <IconButton icon="settings" label={modelsText.manage} onClick={onManage} />
    </div>
  );
}
