import { useEffect, useState } from 'react';
import { Icon, Progress, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './DropTarget.module.css';

/** Takes files dropped anywhere on the window, and shows that it does while they hover. */
export function DropTarget() {
  const { files } = useApp();
  const [hovering, setHovering] = useState(false);
  const { reading } = useReadable(files.state);
  useEffect(() => {
    const hasFiles = (event: DragEvent): event is DragEvent & { readonly dataTransfer: DataTransfer } =>
      event.dataTransfer?.types.includes('Files') === true;
    const onDragOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setHovering(true);
    };
    // Leaving for a child element has a related target; leaving the window has none.
    const onDragLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setHovering(false);
    };
    const onDrop = (event: DragEvent): void => {
      setHovering(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      void files.read(event.dataTransfer);
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [files]);
  if (hovering) {
    return (
      <div className={styles.veil}>
        <Icon name="files" />
        <p className={styles.title}>{text.drop.title}</p>
        <p>{text.drop.detail}</p>
      </div>
    );
  }
  if (reading === undefined) return null;
  const { done, total } = reading;
  return (
    <div className={styles.reading} role="status">
      <p>{text.drop.readingCount(done, total)}</p>
      <Progress label={text.drop.reading} share={total === undefined || total === 0 ? undefined : done / total} />
    </div>
  );
}
