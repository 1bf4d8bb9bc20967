import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#core/result.ts';
import { address, positive, usageError } from '../usage.ts';

export interface BatchOptions {
  readonly prompts: string;
  readonly out: string;
  /** From 0. */
  readonly shard: number;
  readonly shards: number;
  readonly resume: boolean;
  readonly model: string | undefined;
  /** As in `segment`. */
  readonly propagation: string | undefined;
  readonly threads: number | undefined;
  /** As in `segment`. */
  readonly inference: string | undefined;
  readonly json: boolean;
}

/** Reads the arguments after `batch`; error `usage`. */
export function batchOptions(args: readonly string[]): Result<BatchOptions> {
  let read: ReturnType<typeof readArgs>;
  try {
    read = readArgs(args);
  } catch (thrown) {
    return err(usageError(thrown instanceof Error ? thrown.message.split('. ')[0]! : 'The command line is wrong.'));
  }
  const { out, shard = '0/1', resume = false, model, propagation, threads, inference, json = false } = read.values;
  const [prompts, ...rest] = read.positionals;
  if (prompts === undefined || rest.length > 0) return err(usageError('Name one file of prompts.'));
  if (out === undefined) return err(usageError('--out is missing.'));
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(shard) ?? [];
  if (index === undefined || Number(index) >= Number(count)) {
    return err(usageError('--shard must be i/n, i from 0 to n-1.'));
  }
  const number = positive(threads, '--threads');
  if (!number.ok) return number;
  const server = address(inference, '--inference');
  if (!server.ok) return server;
  return ok({
    prompts,
    out,
    shard: Number(index),
    shards: Number(count),
    resume,
    model,
    propagation,
    threads: number.value,
    inference: server.value,
    json,
  });
}

const readArgs = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      shard: { type: 'string' },
      resume: { type: 'boolean' },
      model: { type: 'string' },
      propagation: { type: 'string' },
      threads: { type: 'string' },
      inference: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
