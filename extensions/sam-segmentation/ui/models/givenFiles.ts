import type { GivenFile } from '../../library/diskFolder.ts';

/** No model has as many files; a whole disk that was dropped by mistake has. */
const MOST = 2000;

/** Opens the browser's own dialog for a folder. Must be called in a click or a key press. */
export function chooseFolder(onChosen: (files: readonly GivenFile[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = true;
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])].slice(0, MOST);
    if (files.length > 0) onChosen(files.map(given));
  });
  input.click();
}

const given = (file: File): GivenFile => ({ path: file.webkitRelativePath || file.name, blob: file });

/**
 * Files of a drop, folders opened. Must be called in the drop event itself: the browser empties the DataTransfer when the event is
 * over, so its entries are taken before anything is awaited.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly GivenFile[]> {
  const roots = [...transfer.items].flatMap((item) =>
    item.kind === 'file' ? [{ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }] : [],
  );
  const files: GivenFile[] = [];
  for (const { entry, file } of roots) {
    if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, files);
    else if (file !== null) files.push(given(file));
  }
  return files;
}

async function walk(folder: FileSystemDirectoryEntry, into: GivenFile[]): Promise<void> {
  const reader = folder.createReader();
  while (into.length < MOST) {
    // A folder is read in portions until an empty one comes.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, into);
      else {
        const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
        into.push({ path: entry.fullPath.replace(/^\//, ''), blob: file });
      }
    }
  }
}
