import type { AppError } from '#core/errors.ts';
import { batchCommand } from './batch/batchCommand.ts';
import { accuracyCommand } from './bench/accuracyCommand.ts';
import { speedCommand } from './bench/speedCommand.ts';
import { checkCommand } from './check/checkCommand.ts';
import { EXIT, printError } from './print.ts';
import { segmentCommand } from './segment/segmentCommand.ts';
import { tritonCommand } from './triton/tritonCommand.ts';
import { USAGE, usageError } from './usage.ts';

/** Runs one command; the exit code is 0, 1 where the work failed, 2 where the command line is wrong. */
async function main(args: readonly string[]): Promise<number> {
  const [command, topic] = args;
  if (command === undefined || command === 'help' || args.includes('--help')) {
    console.log(USAGE);
    return command === undefined ? EXIT.usage : EXIT.ok;
  }
  const failure = await run(command, topic, args);
  if (failure === undefined) return EXIT.ok;
  printError(failure, args.includes('--json'));
  return failure.code === 'usage' ? EXIT.usage : EXIT.failed;
}

async function run(command: string, topic: string | undefined, args: readonly string[]): Promise<AppError | undefined> {
  if (command === 'segment') return segmentCommand(args.slice(1));
  if (command === 'batch') return batchCommand(args.slice(1));
  if (command === 'check') return checkCommand(args.slice(1));
  if (command === 'triton') return tritonCommand(args.slice(1));
  if (command === 'bench' && topic === 'accuracy') return accuracyCommand(args.slice(2));
  if (command === 'bench' && topic === 'speed') return speedCommand(args.slice(2));
  return usageError(`There is no command ${command}${command === 'bench' ? ` ${topic ?? ''}`.trimEnd() : ''}.`);
}

process.exitCode = await main(process.argv.slice(2));
