import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../src/server/prepare.mjs';

/** What became of one run of the command line. */
export interface Run {
  readonly code: number | null;
  readonly killed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** When to kill a run: some time after its start, or after a number of lines of its log. */
export type KillMoment = { readonly ms: number } | { readonly lines: number; readonly ms: number };

/** Runs `voxprompt`, and ends it with SIGKILL at the moment given, unless it has ended by then. */
export function voxprompt(args: readonly string[], kill?: KillMoment): Promise<Run> {
  const child: ChildProcess = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, killed, waiting] = ['', '', false, false];
  const shoot = (ms: number): void => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      if (child.exitCode === null) killed = child.kill('SIGKILL');
    }, ms);
  };
  if (kill !== undefined && !('lines' in kill)) shoot(kill.ms);
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (kill !== undefined && 'lines' in kill && stdout.split('\n').length > kill.lines) shoot(kill.ms);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, killed, stdout, stderr })));
}
