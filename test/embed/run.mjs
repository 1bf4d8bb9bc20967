// The full form of the library's test: `npm run test:embed`. The packed tarball in a Vite and in a webpack application, each driven
// in Chromium. `npm test` drives the first and only builds the second.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'browser', 'test/embed', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, VOXPROMPT_FULL: '1' },
  },
);
process.exit(status ?? 1);
