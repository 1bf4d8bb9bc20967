import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type AppError, appError } from '#core/errors.ts';
import { type Models, openModels } from '../model.ts';
import { isUid } from '../segment/options.ts';
import { segmentWith } from '../segment/segment.ts';
import { usageError } from '../usage.ts';
import { openBatchLog } from './batchLog.ts';
import { type BatchOptions, batchOptions } from './batchOptions.ts';
import { keysIn, openOutputs } from './outputs.ts';
import { linesOfShard, promptLines } from './prompts.ts';
import { countsText, missingOf, runBatch } from './runBatch.ts';

/** `voxprompt batch`: one shard of a file of prompts to a folder of segmentations. */
export async function batchCommand(args: readonly string[]): Promise<AppError | undefined> {
  const read = batchOptions(args);
  if (!read.ok) return read.error;
  const options = read.value;
  let text: string;
  try {
    text = await readFile(options.prompts, 'utf8');
  } catch {
    return usageError('The file of prompts could not be read.');
  }
  const models = await openModels(options);
  if (!models.ok) return models.error;
  try {
    return await runShard(text, models.value, options);
  } finally {
    await models.value.dispose();
  }
}

async function runShard(text: string, models: Models, options: BatchOptions): Promise<AppError | undefined> {
  const { shard, shards, out, resume, json, threads } = options;
  const all = promptLines(text, modelIdentity(models));
  if (all.length === 0) return usageError('The file of prompts is empty.');
  const lines = linesOfShard(all, shard, shards);
  const name = `${shard}-of-${shards}`;
  try {
    await mkdir(out, { recursive: true });
  } catch (cause) {
    return appError('not-written', 'The folder of outputs could not be made.', { cause });
  }
  const present = await keysIn(out);
  if (!resume && lines.some((line) => line.kind === 'prompt' && present.has(line.key))) {
    return usageError('The folder holds outputs of these prompts: add --resume to keep them, or name another folder.');
  }
  const outputs = await openOutputs(out, name);
  const log = await openBatchLog(join(out, `log-${name}.jsonl`), (line) => {
    if (json) console.log(line);
  });
  try {
    await log.write({
      event: 'start',
      shard,
      shards,
      lines: lines.length,
      model: `${models.id} ${models.version}`,
      resume,
    });
    const base = dirname(resolve(options.prompts));
    const counts = await runBatch(lines, {
      outputs,
      log: (event) => log.write(event),
      segment: ({ dicom, series, boxes, also = [], range, label }, file) => {
        const asked = boxes.map(({ slice, box: [x0, y0, x1, y1] }) => ({
          slice: String(slice),
          box: { x0, y0, x1, y1 },
        }));
        const ends = range === undefined ? undefined : { first: range[0], last: range[1] };
        const others = also.map((name) => (isUid(name) ? name : resolve(base, name)));
        const one = { dicom: resolve(base, dicom), series, boxes: asked, also: others, range: ends, label, out: file };
        return segmentWith(
          models,
          { ...one, model: options.model, propagation: options.propagation, store: undefined, threads, json },
          () => undefined,
        );
      },
    });
    await log.write({ event: 'end', ...counts });
    if (!json) console.log(`shard ${shard} of ${shards}: ${countsText(counts)}`);
    const missing = missingOf(counts);
    if (missing === 0) return undefined;
    return appError('batch-incomplete', `${missing} of ${lines.length} lines have no output.`, {
      remedy: `The reasons are in log-${name}.jsonl; correct them and run again with --resume.`,
    });
  } finally {
    await log.close();
  }
}

/** Weights and versions: whatever changes one of them makes other outputs. */
const modelIdentity = ({ prompting, propagating }: Models): string =>
  [prompting.manifest, ...(propagating === undefined ? [] : [propagating.manifest])]
    .flatMap(({ id, version, files }) => [
      id,
      version,
      ...files.flatMap(({ graph, weights }) => [graph.sha256, weights?.sha256 ?? '']),
    ])
    .join(' ');
