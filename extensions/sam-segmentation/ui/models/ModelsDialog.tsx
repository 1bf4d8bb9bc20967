import { useEffect } from 'react';
import { Dialog, useReadable } from '#ui';
import type { ModelLibrary } from '../../library/modelLibrary.ts';
import { modelsText } from '../../modelsText.ts';
import type { SamSession } from '../../session/session.ts';
import { AddModel } from './AddModel.tsx';
import { ModelRow } from './ModelRow.tsx';
import styles from './Models.module.css';
import { useLesionOpen } from './useLesionOpen.ts';

interface ModelsDialogProps {
  readonly session: SamSession;
  readonly library: ModelLibrary;
  readonly onClose: () => void;
}

/** All models that are here, and the way to add one. */
export function ModelsDialog({ session, library, onClose }: ModelsDialogProps) {
  const models = useReadable(library.models);
  const chosen = useReadable(library.chosen);
  const lesionOpen = useLesionOpen(session);
  const added = models.filter((model) => model.added !== undefined).reduce((sum, { bytes }) => sum + bytes, 0);
  useEffect(() => void library.refresh(), [library]);
  const close = (): void => {
    // What is under way is nobody's wish any more; what is finished stays.
    library.cancel();
    onClose();
  };
  return (
    <Dialog
      open
      onClose={close}
      title={modelsText.title}
      description={modelsText.intro}
      closeLabel={modelsText.close}
      shape="wide"
    >
      {lesionOpen ? <p className={styles.notice}>{modelsText.afterLesion}</p> : null}
      <ul className={styles.list} aria-label={modelsText.list}>
        {models.map((model) => (
          <ModelRow
            key={model.id}
            model={model}
            library={library}
            inUse={model.id === chosen}
            lesionOpen={lesionOpen}
          />
        ))}
      </ul>
      <p className={styles.quiet}>{added === 0 ? modelsText.noSpace : modelsText.space(added)}</p>
      <AddModel library={library} lesionOpen={lesionOpen} />
    </Dialog>
  );
}
