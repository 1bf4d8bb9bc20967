import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { describeGraph, type NodeModelFiles, remoteModelName } from '../../../extensions/sam-segmentation/node.ts';
import { tritonConfig } from './tritonConfig.ts';

/**
 * Writes a Triton model repository: one model per graph (`ID_encoder`, `ID_decoder`), version 1, with its configuration. Shapes are
 * read from the graphs themselves. The folder appears as a whole or not at all.
 * @returns names of the models; errors `exists`, `not-written`
 */
export async function writeModelRepository(files: NodeModelFiles, out: string): Promise<Result<readonly string[]>> {
  const part = `${out}.part`;
  let made = false;
  try {
    if (existsSync(out)) return err(notWritten(out, 'EEXIST', undefined));
    await mkdir(part);
    made = true;
    const names: string[] = [];
    for (const role of ['encoder', 'decoder'] as const) {
      const name = remoteModelName(files.manifest, role);
      const source = files.graphs[role];
      const folder = join(part, name);
      await mkdir(join(folder, '1'), { recursive: true });
      await writeFile(join(folder, '1', 'model.onnx'), source.graph);
      if (source.weights !== undefined)
        await writeFile(join(folder, '1', source.weights.location), source.weights.data);
      await writeFile(join(folder, 'config.pbtxt'), tritonConfig(name, await describeGraph(source)));
      names.push(name);
    }
    await rename(part, out);
    return ok(names);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    // A .part that was there before us is somebody else's.
    if (made) await rm(part, { recursive: true, force: true });
    return err(notWritten(out, code, cause));
  }
}

const notWritten = (out: string, code: string | undefined, cause: unknown): AppError =>
  code === 'EEXIST' || code === 'ENOTEMPTY'
    ? appError('exists', `${out} (or ${out}.part) is there already.`, { remedy: 'Remove it, or choose another --out.' })
    : appError('not-written', `${out} could not be written.`, { cause });
