import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadNodeModel, readNodeModel } from '../../extensions/sam-segmentation/node.ts';
import { writeModelRepository } from '../../src/cli/triton/modelRepository.ts';
import { kserveMissing, type RunningServer, startKServe } from '../support/kserve.ts';
import { startOpenInferenceDouble } from '../support/openInferenceServer.ts';

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** LiteMedSAM itself, and exports with other axes, types, names and a batch axis that is free. */
const MODELS = [
  'models/litemedsam',
  ...['meta-sam', 'efficient-sam', 'transformers-sam', 'sam2'].map((name) => `test/fixtures/sam-families/${name}`),
];

const SERVERS: readonly (readonly [string, string | undefined, (repository: string) => Promise<RunningServer>])[] = [
  ['the test double', undefined, (repository) => startOpenInferenceDouble(repository)],
  ['KServe', kserveMissing, startKServe],
];

describe.each(SERVERS)('%s, over a repository that voxprompt triton wrote', (_, missing, start) => {
  let folder = '';
  const running: RunningServer[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-triton-'));
  });
  afterAll(async () => {
    for (const server of running) await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.skipIf(missing !== undefined).each(MODELS)('%s gives the masks there that it gives here', async (path) => {
    const directory = here(path);
    const files = await readNodeModel(directory);
    if (!files.ok) throw new Error(files.error.message);
    const repository = join(folder, files.value.manifest.id);
    const written = await writeModelRepository(files.value, repository);
    expect(written.ok && written.value).toEqual([
      `${files.value.manifest.id}_encoder`,
      `${files.value.manifest.id}_decoder`,
    ]);
    const server = await start(repository);
    running.push(server);

    const local = await loadNodeModel(directory, { threads: 1 });
    const remote = await loadNodeModel(directory, { remote: { url: server.url, label: 'the test' } });
    if (!local.ok || !remote.ok) throw new Error('a model did not load');
    const { size, channels } = local.value.manifest.input;
    const image = Float32Array.from({ length: channels * size * size }, (_, index) => ((index * 7919) % 251) / 251);
    const points = [
      { x: size / 4, y: size / 3, label: 2 },
      { x: size / 2, y: size / 1.5, label: 3 },
    ] as const;
    const masks = await Promise.all(
      [local.value, remote.value].map(async (model) => {
        const embedding = await model.encode(image);
        if (!embedding.ok) throw new Error(String(embedding.error.cause));
        const mask = await model.decode(embedding.value, { points });
        if (!mask.ok) throw new Error(String(mask.error.cause));
        return mask.value;
      }),
    );
    const [here_, there] = masks;
    const worst = here_!.logits.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - there!.logits[index]!)),
      0,
    );
    expect(there!.logits.length).toBe(here_!.logits.length);
    // Another version of ONNX Runtime may sum in another order.
    expect(worst).toBeLessThan(1e-2);
    expect(there!.score).toBeCloseTo(here_!.score, 4);
    await local.value.dispose();
    await remote.value.dispose();
  });
});
