import { Dialog, NoticeCard, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './RefusedFiles.module.css';

/** Which files could not be used, each with its reason and what can be done. */
export function RefusedFiles() {
  const { files } = useApp();
  const { refused, loaded, listOpen } = useReadable(files.state);
  return (
    <Dialog
      open={listOpen}
      onClose={() => files.showList(false)}
      title={text.drop.refusedTitle(refused.length)}
      description={loaded ? text.drop.refusedDetail : text.drop.refusedAll}
      closeLabel={text.close}
      shape="wide"
    >
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{text.drop.file}</th>
            <th scope="col">{text.drop.reason}</th>
          </tr>
        </thead>
        <tbody>
          {refused.map(({ name, error }) => (
            <tr key={`${name} ${error.code}`}>
              <td className={styles.name}>{name}</td>
              <td>
                {error.message} {error.remedy}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}

/** Says that some files were left out, without standing before the images. */
export function RefusedNotice() {
  const { files } = useApp();
  const { refused, listOpen } = useReadable(files.state);
  if (refused.length === 0 || listOpen) return null;
  return (
    <NoticeCard
      kind="warning"
      title={text.drop.refusedTitle(refused.length)}
      dismissLabel={text.dismiss}
      onDismiss={() => files.forgetRefused()}
    >
      <button type="button" className={styles.link} onClick={() => files.showList(true)}>
        {text.drop.showRefused}
      </button>
    </NoticeCard>
  );
}
