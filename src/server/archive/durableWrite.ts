import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes a new file so that after a crash it is either whole or not there: temporary file, fsync, then a name that is taken
 * only if it is free.
 * @throws the file system's error; code `EEXIST` where the name is taken, `ENOSPC` where the disk is full
 */
export async function durableWrite(path: string, bytes: Uint8Array, stagingDir: string): Promise<void> {
  await mkdir(stagingDir, { recursive: true });
  await mkdir(dirname(path), { recursive: true });
  const staged = join(stagingDir, randomUUID());
  try {
    const file = await open(staged, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await giveName(staged, path);
  } finally {
    await unlink(staged).catch(() => undefined);
  }
  await syncFolder(dirname(path));
}

/** A hard link never replaces what is there; file systems without links get a rename. */
async function giveName(staged: string, path: string): Promise<void> {
  try {
    await link(staged, path);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw thrown;
    await rename(staged, path);
  }
}

/** Makes the new name itself survive; Windows cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Removes what a killed process left in the staging folder; younger files may belong to another process that runs. */
export async function clearStaging(stagingDir: string, olderThanMs: number): Promise<void> {
  for (const name of await readdir(stagingDir).catch(() => [])) {
    const path = join(stagingDir, name);
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && Date.now() - info.mtimeMs >= olderThanMs) await unlink(path).catch(() => undefined);
  }
}
