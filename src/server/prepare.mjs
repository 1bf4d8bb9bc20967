/** Brings a fresh clone to the point where it runs. Plain JavaScript and Node alone: nothing is installed yet. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentStamp, isFresh, markFresh, stampOf } from './freshness.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const OLDEST_NODE = [20, 19];
/** What a build is made from. Models are served as they are. */
const SOURCES = ['src', 'extensions', 'public', 'package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.json'];

/** A sentence where this Node is too old. */
export function nodeProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
    ? undefined
    : `VoxPrompt needs Node ${OLDEST_NODE.join('.')} or newer; this is ${version}.`;
}

/** Runs `npm ci` where dependencies are missing or the lock file has changed. False where it failed. */
export function installDependencies() {
  const stampFile = join(root, 'node_modules', '.voxprompt-lock');
  const stamp = contentStamp(join(root, 'package-lock.json'));
  if (isFresh(stampFile, stamp)) return true;
  if (!installedByHand()) {
    console.log('Installing dependencies (npm ci) ...');
    const { status, stderr, error } = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (status !== 0) {
      console.error(error?.message ?? stderr);
      return false;
    }
  }
  markFresh(stampFile, stamp);
  return true;
}

const npm = (args) =>
  spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });

/** Somebody ran npm: its own word that everything is there. */
const installedByHand = () =>
  existsSync(join(root, 'node_modules', '.package-lock.json')) &&
  npm(['ls', '--all', '--loglevel=silent']).status === 0;

/** Builds viewer and programs where their sources have changed since the last time. */
export async function buildIfStale() {
  const stampFile = join(root, 'dist', '.stamp');
  const stamp = stampOf(root, SOURCES);
  if (isFresh(stampFile, stamp)) return;
  console.log('Building ...');
  const { build } = await import('./build.mjs');
  await build({ logLevel: 'error' });
  markFresh(stampFile, stamp);
}
