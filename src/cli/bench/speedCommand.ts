import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type AppError, appError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { median } from '#core/statistics/summary.ts';
import { openModel } from '../model.ts';
import { table } from '../print.ts';
import { parsed, positive } from '../usage.ts';

const RUNS = 7;

/** `voxprompt bench speed`: medians of seven runs after a first one that does not count. */
export async function speedCommand(args: readonly string[]): Promise<AppError | undefined> {
  const values = parsed(args, { json: { type: 'string' }, model: { type: 'string' }, threads: { type: 'string' } });
  if (!values.ok) return values.error;
  const { json, model: name, threads } = values.value;
  const count = positive(threads, '--threads');
  if (!count.ok) return count.error;

  const startedAt = performance.now();
  const opened = await openModel(name, count.value);
  if (!opened.ok) return opened.error;
  const model = opened.value;
  const loadSeconds = (performance.now() - startedAt) / 1000;
  const { size, channels } = model.manifest.input;
  const image = Float32Array.from({ length: channels * size * size }, (_, index) => ((index * 7919) % 251) / 251);
  const encode = await timed(() => model.encode(image));
  if (!encode.ok) return encode.error;
  const points = [
    { x: size / 4, y: size / 4, label: 2 },
    { x: (size * 3) / 4, y: (size * 3) / 4, label: 3 },
  ] as const;
  const decode = await timed(() => model.decode(encode.value.last, { points }));
  if (!decode.ok) return decode.error;
  await model.dispose();

  const report = {
    model: { id: model.manifest.id, version: model.manifest.version },
    threads: count.value ?? null,
    cores: availableParallelism(),
    runs: RUNS,
    loadSeconds,
    encodeSeconds: encode.value.seconds,
    decodeSeconds: decode.value.seconds,
  };
  const row = (what: string, seconds: number): readonly string[] => [what, seconds.toFixed(3)];
  console.log(
    table([
      ['step', 'seconds'],
      row('load', loadSeconds),
      row('encode', report.encodeSeconds),
      row('decode', report.decodeSeconds),
    ]),
  );
  if (json === undefined) return undefined;
  try {
    await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  } catch (cause) {
    return appError('not-written', `${json} could not be written.`, { cause });
  }
  return undefined;
}

async function timed<T>(
  run: () => Promise<Result<T>>,
): Promise<Result<{ readonly seconds: number; readonly last: T }>> {
  const times: number[] = [];
  let last = await run();
  for (let index = 0; index < RUNS && last.ok; index += 1) {
    const startedAt = performance.now();
    last = await run();
    times.push((performance.now() - startedAt) / 1000);
  }
  return last.ok ? { ok: true, value: { seconds: median(times), last: last.value } } : last;
}
