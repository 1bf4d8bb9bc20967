import { readFile, unlink } from 'node:fs/promises';
import { type AppError, appError, describeThrown } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { SegmentReport } from '../segment/segment.ts';
import { type BatchCounts, type BatchEvent, LINE_STATUS, type LineStatus } from './batchLog.ts';
import type { Outputs } from './outputs.ts';
import type { BatchPrompt, PromptLine } from './prompts.ts';

/** Where a shard's work goes and comes from. */
export interface BatchPorts {
  readonly outputs: Outputs;
  /** One prompt to an object in a file. */
  readonly segment: (prompt: BatchPrompt, out: string) => Promise<Result<SegmentReport>>;
  readonly log: (event: BatchEvent) => Promise<void>;
}

/** Works off the lines of one shard, one after the other; what fails does not keep the rest from running. */
export async function runBatch(
  lines: readonly PromptLine[],
  { outputs, segment, log }: BatchPorts,
): Promise<BatchCounts> {
  const counts: Record<LineStatus, number> = { done: 0, present: 0, duplicate: 0, failed: 0, 'bad-line': 0 };
  const tell = async (
    { line }: PromptLine,
    key: string | null,
    status: LineStatus,
    more: { readonly seconds?: number; readonly code?: string; readonly message?: string } = {},
  ): Promise<void> => {
    counts[status] += 1;
    await log({ event: 'line', line, key, status, ...more });
  };
  for (const one of lines) {
    if (one.kind === 'bad') await tell(one, null, 'bad-line', { code: 'bad-line', message: one.message });
    else if (one.kind === 'duplicate') await tell(one, one.key, 'duplicate', { message: `as line ${one.of}` });
    else if (await outputs.isComplete(one.key)) await tell(one, one.key, 'present');
    else {
      const startedAt = performance.now();
      const made = await output(one.key, one.prompt, outputs, segment);
      const seconds = (performance.now() - startedAt) / 1000;
      if (made.ok) await tell(one, one.key, 'done', { seconds });
      else
        await tell(one, one.key, 'failed', {
          seconds,
          code: made.error.code,
          ...reasonOf(made.error),
        });
    }
  }
  return counts;
}

/** Lines that have no output. */
export const missingOf = (counts: BatchCounts): number => counts.failed + counts['bad-line'];

export const countsText = (counts: BatchCounts): string =>
  LINE_STATUS.map((status) => `${counts[status]} ${status}`).join(', ');

async function output(
  key: string,
  prompt: BatchPrompt,
  outputs: Outputs,
  segment: BatchPorts['segment'],
): Promise<Result<void>> {
  const staged = outputs.stagingFile(key);
  try {
    const report = await segment(prompt, staged);
    if (!report.ok) return report;
    await outputs.commit(key, await readFile(staged), report.value);
    return ok(undefined);
  } catch (cause) {
    // One odd file must not end a cohort's night.
    return err(appError('not-made', 'The output could not be made.', { cause: describeThrown(cause) }));
  } finally {
    await unlink(staged).catch(() => undefined);
  }
}

/** Failures whose words name no file and no folder: such names may be a patient's, and a log is read by many. */
const TELLABLE = [
  'several-series',
  'no-series',
  'series-view-only',
  'slice-outside-stack',
  'box-outside-image',
  'box-outside-range',
  'two-boxes-on-a-slice',
  'empty-lesion',
  'not-made',
  'inference-failed',
];

/** The reason in words, where they are safe to log; the code says it in any case. */
const reasonOf = ({ code, message }: AppError): { readonly message?: string } =>
  TELLABLE.includes(code) ? { message } : {};
