import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Python that has KServe: `npm run test:remote` makes one below .tmp; another may be named. */
const PYTHON = process.env.VOXPROMPT_KSERVE_PYTHON ?? join(root, '.tmp', 'kserve', 'bin', 'python');

/** Why tests against KServe cannot run here, if so. */
export const kserveMissing: string | undefined = existsSync(PYTHON)
  ? undefined
  : 'no KServe (npm run test:remote installs it)';

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts KServe's own model server over a Triton model repository. */
export async function startKServe(repository: string): Promise<RunningServer> {
  const port = await freePort();
  const script = join(root, 'test', 'remote', 'kserve_server.py');
  const server = spawn(PYTHON, [script, repository, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (said += String(text)));
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + 120_000;
  while (!(await isUp(`${url}/v2/health/ready`))) {
    if (server.exitCode !== null || Date.now() > until) throw new Error(`KServe did not start:\n${said.slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return { url, stop: () => ended(server) };
}

const isUp = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

async function ended(server: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await exit;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
