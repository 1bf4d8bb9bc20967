#!/usr/bin/env node
/** `voxprompt …`: builds dist/cli.js where it is missing or stale, then runs it. Plain JavaScript: nothing is built yet. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFresh, markFresh, stampOf } from '../server/freshness.mjs';
import { installDependencies, nodeProblem, root } from '../server/prepare.mjs';

const SOURCES = ['src/cli', 'src/core', 'src/extension-api', 'src/server/build.mjs', 'extensions', 'package-lock.json'];

async function prepare() {
  const problem = nodeProblem();
  if (problem !== undefined) return problem;
  if (!installDependencies()) return 'The dependencies could not be installed: see what npm says above.';
  const stampFile = join(root, 'dist', '.stamp-cli');
  const stamp = stampOf(root, SOURCES);
  if (isFresh(stampFile, stamp)) return undefined;
  // Not before the dependencies are there.
  const { build } = await import('../server/build.mjs');
  await build({ only: 'node', logLevel: 'error' });
  markFresh(stampFile, stamp);
  return undefined;
}

const problem = await prepare().catch((thrown) => `The build failed: ${thrown.message}`);
if (problem === undefined) await import(pathToFileURL(join(root, 'dist', 'cli.js')).href);
else {
  console.error(problem);
  process.exitCode = 1;
}
