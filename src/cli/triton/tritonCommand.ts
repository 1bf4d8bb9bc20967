import type { AppError } from '#core/errors.ts';
import { readNodeModel } from '../../../extensions/sam-segmentation/node.ts';
import { modelDirectory } from '../model.ts';
import { parsed, usageError } from '../usage.ts';
import { writeModelRepository } from './modelRepository.ts';

/** `voxprompt triton MODEL --out DIR` */
export async function tritonCommand(args: readonly string[]): Promise<AppError | undefined> {
  const [model, ...options] = args;
  if (model === undefined || model.startsWith('-')) return usageError('triton needs a model, by id or folder.');
  const values = parsed(options, { out: { type: 'string' } });
  if (!values.ok) return values.error;
  const { out } = values.value;
  if (out === undefined) return usageError('--out is missing.');
  const files = await readNodeModel(modelDirectory(model));
  if (!files.ok) return files.error;
  const written = await writeModelRepository(files.value, out);
  if (!written.ok) return written.error;
  console.log(`${out}: ${written.value.join(', ')}. Licence: ${files.value.manifest.licence.spdx}.`);
  return undefined;
}
