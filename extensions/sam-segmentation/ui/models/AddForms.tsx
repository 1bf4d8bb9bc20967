import { useState } from 'react';
import { Button, classNames, TextField } from '#ui';
import type { ModelLibrary } from '../../library/modelLibrary.ts';
import { modelsText } from '../../modelsText.ts';
import { chooseFolder } from './givenFiles.ts';
import styles from './Models.module.css';
import { useFolderDrop } from './useFolderDrop.ts';

const words = modelsText.add;

/** A folder from the disk, or an address: in both cases the reader says so first. */
export function AddForms({ library }: { readonly library: ModelLibrary }) {
  const [address, setAddress] = useState('');
  const hovering = useFolderDrop((files) => void library.lookAtFiles(files));
  return (
    <div className={styles.ways}>
      <div className={classNames(styles.drop, hovering && styles.hovering)}>
        <p>{words.drop}</p>
        <p className={styles.quiet}>{words.dropDetail}</p>
        <Button icon="files" onClick={() => chooseFolder((files) => void library.lookAtFiles(files))}>
          {words.chooseFolder}
        </Button>
      </div>
      <form
        className={styles.address}
        onSubmit={(event) => {
          event.preventDefault();
          if (address.trim() !== '') void library.lookAtAddress(address);
        }}
      >
        <p>{words.address}</p>
        <div className={styles.line}>
          <TextField
            label={words.address}
            type="url"
            inputMode="url"
            placeholder={words.placeholder}
            value={address}
            onChange={setAddress}
          />
          <Button type="submit" unavailable={address.trim() === ''}>
            {words.lookAt}
          </Button>
        </div>
        <p className={styles.quiet}>{words.hosts(library.hosts)}</p>
      </form>
    </div>
  );
}
