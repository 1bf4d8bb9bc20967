/** `npm start`: from a fresh clone to a running viewer. Options: see options.ts, or `npm start -- --help`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildIfStale, installDependencies, nodeProblem, root } from './prepare.mjs';

const problem = nodeProblem();
if (problem !== undefined) {
  console.error(problem);
  process.exit(1);
}
if (!installDependencies()) {
  console.error('The dependencies could not be installed: see what npm says above.');
  process.exit(1);
}
try {
  await buildIfStale();
} catch (thrown) {
  console.error(`The build failed: ${thrown.message}`);
  process.exit(1);
}

const server = spawn(process.execPath, [join(root, 'dist', 'server.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
