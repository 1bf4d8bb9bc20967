import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, root } from '../../../src/server/prepare.mjs';

export interface ViewerServer {
  readonly url: string;
  /** Where the embedded archive keeps its files. */
  readonly data: string;
  stop(): Promise<void>;
}

/** The built product as `npm start` runs it, on a free port and with an archive folder of its own. */
export async function startViewer(...options: readonly string[]): Promise<ViewerServer> {
  await buildIfStale();
  const data = await mkdtemp(join(tmpdir(), 'voxprompt-e2e-'));
  const args = [join(root, 'dist', 'server.js'), '--port', '0', '--no-open', '--data', data, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /VoxPrompt is at (\S+)/.exec(output);
      if (found?.[1] !== undefined) resolve(found[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${output}`)));
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    }
    await rm(data, { recursive: true, force: true });
  };
  return { url: url.replace(/\/$/, ''), data, stop };
}
