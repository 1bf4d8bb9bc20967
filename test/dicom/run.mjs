// The full form of the DICOM tests: `npm run test:dicom`. More than 1000 objects through our reader and pydicom, more than 100
// through dciodvfy, dcentvfy, dcm2niix and dcmqi. VOXPROMPT_SEED chooses other objects.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'dicom', '--testTimeout', '1200000', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, VOXPROMPT_FULL: '1' } },
);
process.exit(status ?? 1);
