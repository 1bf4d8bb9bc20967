import type { AppError } from '#core/errors.ts';
import { segmentOptions } from './options.ts';
import { segment } from './segment.ts';

/** `voxprompt segment`: progress on standard error, the result on standard output. */
export async function segmentCommand(args: readonly string[]): Promise<AppError | undefined> {
  const options = segmentOptions(args);
  if (!options.ok) return options.error;
  const { json } = options.value;
  const report = await segment(options.value, (text) => {
    if (!json) console.error(text);
  });
  if (!report.ok) return report.error;
  if (json) console.log(JSON.stringify(report.value));
  else {
    const { out, stored, volumeMl, slices, seconds } = report.value;
    console.log(
      `${out}${stored ? ', stored' : ''}: ${volumeMl.toFixed(1)} ml on ${slices.length} slices, ${seconds.toFixed(1)} s`,
    );
  }
  return undefined;
}
