/** `npm run test:remote`: installs KServe below .tmp where that is possible, then runs everything of test/remote. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = ['kserve==0.21.0', 'onnxruntime==1.32.0'];
const root = fileURLToPath(new URL('../..', import.meta.url));
const venv = join(root, '.tmp', 'kserve');
const python = process.env.VOXPROMPT_KSERVE_PYTHON ?? join(venv, 'bin', 'python');

const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;

if (!existsSync(python)) {
  console.log(`Installing ${PACKAGES.join(' and ')} ...`);
  const made = run('python3', ['-m', 'venv', venv]) && run(python, ['-m', 'pip', 'install', '-q', ...PACKAGES]);
  if (!made) console.log('SKIPPED for want of KServe: the contract against a real inference server');
}
const args = ['--no-install', 'vitest', 'run', '--project', 'dicom', 'test/remote', ...process.argv.slice(2)];
process.exitCode = spawnSync('npx', args, { cwd: root, stdio: 'inherit' }).status ?? 1;
