/** A file as it was dropped: its path says where it lay. */
export interface DroppedFile {
  readonly path: string;
  readonly blob: Blob;
}

/** What operating systems and disc burners put beside images. */
const IGNORED = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|DICOMDIR$|\._)/i;

export const isIgnored = (path: string): boolean => IGNORED.test(path);

/**
 * Files of a drop or a file dialog, folders opened. Must be called in the drop event itself: the browser empties the
 * DataTransfer at the first await, so its entries are taken before that.
 */
export async function collectFiles(
  given: readonly File[] | DataTransfer,
  signal?: AbortSignal,
): Promise<DroppedFile[]> {
  if (!('items' in given)) return given.map(asDropped).filter(({ path }) => !isIgnored(path));
  const roots = [...given.items].flatMap((item) => {
    if (item.kind !== 'file') return [];
    return [{ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }];
  });
  const files: DroppedFile[] = [];
  for (const { entry, file } of roots) {
    if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, files, signal);
    else if (file !== null) files.push(asDropped(file));
  }
  return files.filter(({ path }) => !isIgnored(path));
}

const asDropped = (file: File): DroppedFile => ({ path: file.webkitRelativePath || file.name, blob: file });

async function walk(
  folder: FileSystemDirectoryEntry,
  into: DroppedFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    signal?.throwIfAborted();
    // A folder is read in portions of about 100 until an empty one comes.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, into, signal);
      else {
        const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
        into.push({ path: entry.fullPath.replace(/^\//, ''), blob: file });
      }
    }
  }
}
