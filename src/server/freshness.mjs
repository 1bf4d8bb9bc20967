/** When something must be done again: a stamp of everything it depends on, kept beside its result. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Tests and what they need change often and never change a build. */
const NOT_BUILT = /\.test\.tsx?$/;

/** Hash of names, sizes and modification times below `paths`. */
export function stampOf(root, paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) visit(join(root, path), hash);
  return hash.digest('hex');
}

function visit(path, hash) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) return;
  if (info.isDirectory()) {
    for (const name of readdirSync(path).sort()) visit(join(path, name), hash);
  } else if (!NOT_BUILT.test(path)) hash.update(`${path}\0${info.size}\0${Math.floor(info.mtimeMs)}\n`);
}

export const isFresh = (file, stamp) => existsSync(file) && readFileSync(file, 'utf8') === stamp;

export const markFresh = (file, stamp) => writeFileSync(file, stamp);

/** Hash of one file's content: a lock file's date says nothing. */
export const contentStamp = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
