import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Result } from '#core/result.ts';
import { loadNodeModel, type PromptableModel } from '../../extensions/sam-segmentation/node.ts';

const DEFAULT_MODEL = 'litemedsam';

/** Built as dist/cli.js: the project is one folder up. */
const MODELS = join(dirname(fileURLToPath(import.meta.url)), '..', 'models');

/** A model by id (a folder of models/) or by folder. Errors of loadNodeModel. */
export function openModel(name = DEFAULT_MODEL, threads?: number): Promise<Result<PromptableModel>> {
  const known = join(MODELS, name);
  const isId = /^[a-z0-9-]+$/.test(name) && statSync(known, { throwIfNoEntry: false })?.isDirectory();
  return loadNodeModel(isId ? known : resolve(name), { threads });
}
