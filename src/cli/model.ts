import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result } from '#core/result.ts';
import {
  createVolumeSegmenter,
  loadNodeModel,
  loadNodeVolumeModel,
  type PromptableModel,
  type RegisteredSource,
  type RegisteredVerdict,
  type VolumeModel,
  type VolumeSegmenter,
  withRegistered,
} from '../../extensions/sam-segmentation/node.ts';
import type { SeriesSource } from './series/seriesSource.ts';

const DEFAULT_MODEL = 'litemedsam';
export const DEFAULT_VOLUME_MODEL = 'voxprompt-volume';

/** Built as dist/cli.js: the project is one folder up. */
export const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..');
const MODELS = join(PROJECT, 'models');

interface PromptedChoice {
  /** By id (a folder of models/) or by folder. */
  readonly model?: string | undefined;
  readonly threads?: number | undefined;
  /** Address of an inference server to run it on; its token comes from VOXPROMPT_INFERENCE_TOKEN. */
  readonly inference?: string | undefined;
}

/** A promptable model, here or on an inference server. Errors of loadNodeModel. */
export function openModel({ model, threads, inference }: PromptedChoice): Promise<Result<PromptableModel>> {
  const token = process.env.VOXPROMPT_INFERENCE_TOKEN;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const remote = inference === undefined ? undefined : { url: inference, label: new URL(inference).host, headers };
  return loadNodeModel(modelDirectory(model), { threads, remote });
}

/** The models of a command: one that is prompted, and one that propagates; without it the first does both. */
export interface Models {
  readonly prompting: PromptableModel;
  readonly propagating: VolumeModel | undefined;
  /** 'litemedsam + voxprompt-volume'. */
  readonly id: string;
  readonly version: string;
  dispose(): Promise<void>;
}

export interface ModelChoice extends PromptedChoice {
  /** `volume` (the default), `sam` for the prompted model alone, or a volume model by id or folder. */
  readonly propagation: string | undefined;
}

/** Opens the models that a command line names. Errors of loadNodeModel and loadNodeVolumeModel. */
export async function openModels({ propagation = 'volume', ...prompted }: ModelChoice): Promise<Result<Models>> {
  const prompting = await openModel(prompted);
  if (!prompting.ok) return prompting;
  const propagating = await openVolumeModel(propagation, prompted.threads);
  if (!propagating.ok) {
    await prompting.value.dispose();
    return propagating;
  }
  const models = [prompting.value, ...(propagating.value === undefined ? [] : [propagating.value])];
  return ok({
    prompting: prompting.value,
    propagating: propagating.value,
    id: models.map(({ manifest }) => manifest.id).join(' + '),
    version: models.map(({ manifest }) => manifest.version).join(' + '),
    async dispose() {
      for (const each of models) await each.dispose();
    },
  });
}

/**
 * What propagates in a series; undefined where the prompted model does.
 * @param registered other series that have a say
 * @param onVerdicts told after each run what became of them
 */
export function volumeSegmenterFor(
  { prompting, propagating }: Pick<Models, 'prompting' | 'propagating'>,
  source: SeriesSource,
  registered: readonly RegisteredSource[] = [],
  onVerdicts?: (verdicts: readonly RegisteredVerdict[]) => void,
): VolumeSegmenter | undefined {
  if (propagating === undefined) return undefined;
  // Percentiles of a whole series are not taken twice where both models want the same.
  const same = JSON.stringify(prompting.manifest.intensity) === JSON.stringify(propagating.manifest.intensity);
  return createVolumeSegmenter(
    propagating,
    same ? source : source.seenBy(propagating.manifest),
    registered.length === 0 ? undefined : withRegistered({ get: async () => registered, onVerdicts }),
  );
}

async function openVolumeModel(name: string, threads: number | undefined): Promise<Result<VolumeModel | undefined>> {
  if (name === 'sam') return ok(undefined);
  return loadNodeVolumeModel(modelDirectory(name === 'volume' ? DEFAULT_VOLUME_MODEL : name), { threads });
}

/** The folder of a model named by id (a folder of models/) or by path. */
export function modelDirectory(name = DEFAULT_MODEL): string {
  const known = join(MODELS, name);
  const isId = /^[a-z0-9-]+$/.test(name) && statSync(known, { throwIfNoEntry: false })?.isDirectory();
  return isId ? known : resolve(name);
}
