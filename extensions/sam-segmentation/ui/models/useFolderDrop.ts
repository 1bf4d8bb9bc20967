import { useEffect, useRef, useState } from 'react';
import type { GivenFile } from '../../library/diskFolder.ts';
import { droppedFiles } from './givenFiles.ts';

/**
 * While the dialog asks for a model, whatever is dropped on the window is one: the window's own target, which takes images, does not
 * get it.
 * @returns whether files hover over the window
 */
export function useFolderDrop(onFiles: (files: readonly GivenFile[]) => void): boolean {
  const [hovering, setHovering] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const taking =
      (act: (event: DragEvent) => void) =>
      (event: DragEvent): void => {
        if (event.dataTransfer?.types.includes('Files') !== true) return;
        event.preventDefault();
        event.stopPropagation();
        act(event);
      };
    const onDragOver = taking(() => setHovering(true));
    const onDragLeave = taking((event) => {
      if (event.relatedTarget === null) setHovering(false);
    });
    const onDrop = taking((event) => {
      setHovering(false);
      if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then((files) => latest.current(files));
    });
    window.addEventListener('dragover', onDragOver, true);
    window.addEventListener('dragleave', onDragLeave, true);
    window.addEventListener('drop', onDrop, true);
    return () => {
      window.removeEventListener('dragover', onDragOver, true);
      window.removeEventListener('dragleave', onDragLeave, true);
      window.removeEventListener('drop', onDrop, true);
    };
  }, []);
  return hovering;
}
