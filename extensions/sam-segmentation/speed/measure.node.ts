import { basename, join } from 'node:path';
import { ok, type Result } from '#core/result.ts';
import { openNodeBackend } from '../inference/backends/node.ts';
import { modelFolder, readBytes } from '../inference/loadModel.node.ts';
import { type BackendSpeed, measureSpeed, type SpeedSettings } from './measureSpeed.ts';
import { readModels, type UnreadModel } from './readModels.ts';

export interface SpeedFolders {
  /** Folder of a promptable model. */
  readonly prompted: string;
  /** Folder of a volume model. */
  readonly volume: string;
}

/** The models' speed on onnxruntime-node. Errors of loading the models and of running them. */
export async function measureNodeSpeed(
  { prompted, volume }: SpeedFolders,
  threads: number,
  settings: SpeedSettings,
): Promise<Result<BackendSpeed>> {
  const unread = [await unreadModel(prompted), await unreadModel(volume)] as const;
  const [first, second] = unread;
  if (!first.ok) return first;
  if (!second.ok) return second;
  const models = await readModels(first.value, second.value);
  return models.ok ? measureSpeed(models.value, openNodeBackend(threads), settings) : models;
}

async function unreadModel(directory: string): Promise<Result<UnreadModel>> {
  const bytes = await readBytes(join(directory, 'manifest.json'), `${basename(directory)}/manifest.json`);
  return bytes.ok ? ok({ text: new TextDecoder().decode(bytes.value), read: modelFolder(directory) }) : bytes;
}
