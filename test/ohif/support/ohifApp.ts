import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '3.13.2';

/** Outside the repository: 50 MB that are fetched once for a machine. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'voxprompt');

/**
 * The folder of OHIF's prebuilt viewer, from its npm tarball: fetched, never installed. Undefined where the registry cannot be
 * reached and the cache has none.
 */
export function ohifApp(): string | undefined {
  const folder = join(CACHE, `ohif-app-${VERSION}`);
  const app = join(folder, 'package', 'dist');
  if (existsSync(join(app, 'index.html'))) return app;
  mkdirSync(CACHE, { recursive: true });
  const tarball = join(CACHE, `ohif-app-${VERSION}.tgz`);
  if (!existsSync(tarball)) {
    const args = ['pack', `@ohif/app@${VERSION}`, '--pack-destination', CACHE, '--loglevel=error'];
    spawnSync('npm', args, { cwd: CACHE, shell: process.platform === 'win32', timeout: 300_000 });
  }
  if (!existsSync(tarball)) return undefined;
  // Unpacked beside it and then renamed: a run that is killed leaves no half of it behind.
  const unpacked = mkdtempSync(join(CACHE, 'unpacking-'));
  if (spawnSync('tar', ['xzf', tarball, '-C', unpacked]).status !== 0) return undefined;
  if (readdirSync(unpacked).length > 0 && !existsSync(folder)) renameSync(unpacked, folder);
  return existsSync(join(app, 'index.html')) ? app : undefined;
}
