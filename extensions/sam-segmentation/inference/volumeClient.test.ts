import { describe, expect, it } from 'vitest';
import type { WorkerModel } from './client.ts';
import { cells, dyingGpu, image, region, start, volumeInput } from './testing/localWorker.ts';
import type { WorkerVolumeModel } from './volumeClient.ts';

describe('a volume model in the same worker', () => {
  const url = 'http://localhost/models/tiny-volume/manifest.json';

  async function volumeIn(model: WorkerModel): Promise<WorkerVolumeModel> {
    const loaded = await model.loadVolume(url);
    if (!loaded.ok) throw new Error(loaded.error.message);
    return loaded.value;
  }

  it('is checked against its golden output and answers beside the promptable one', async () => {
    const { model, record } = await start([{ name: 'wasm' }]);
    const volume = await volumeIn(model);
    expect(volume.report.attempts[0]!.reason).toContain('the golden output was reproduced');
    expect(record.passed()).toEqual([model.report.selfCheckKey, volume.report.selfCheckKey]);
    const [answer, embedding] = await Promise.all([volume.run(volumeInput), model.encode(image)]);
    expect(embedding.ok).toBe(true);
    // The tiny volume model gives back its image channel.
    expect(answer.ok && [answer.value.logits.length, answer.value.logits[0], answer.value.score.length]).toEqual([
      cells,
      0.5,
      region.depth,
    ]);
  });

  it('is refused by a backend whose numbers are wrong, and taken by the next', async () => {
    const { model } = await start([{ name: 'webgpu', volumeGain: 1.2 }, { name: 'wasm' }]);
    expect(model.report.backend).toBe('webgpu');
    const volume = await volumeIn(model);
    expect(volume.report.attempts.map(({ backend, outcome }) => [backend, outcome])).toEqual([
      ['webgpu', 'refused'],
      ['wasm', 'ok'],
    ]);
  });

  it('fails alone: a run that throws, a model that cannot be loaded', async () => {
    let runs = 0;
    const onRun = (what: string): void => {
      if (what === 'volume' && ++runs === 2) throw new Error('bad kernel');
    };
    const { model } = await start([{ name: 'wasm', onRun }]);
    const volume = await volumeIn(model);
    const failed = await volume.run(volumeInput);
    expect(!failed.ok && failed.error).toMatchObject({ code: 'inference-failed', cause: 'bad kernel' });
    expect((await volume.run(volumeInput)).ok).toBe(true);
    const wrong = await model.loadVolume('http://localhost/models/tiny/manifest.json');
    expect(!wrong.ok && wrong.error.code).toBe('model-manifest-malformed');
    expect((await model.encode(image)).ok).toBe(true);
  });

  it('does not run what was cancelled while it waited', async () => {
    const ran: string[] = [];
    const { model } = await start([{ name: 'wasm', onRun: (what) => void ran.push(what) }]);
    const volume = await volumeIn(model);
    ran.length = 0;
    const controller = new AbortController();
    const busy = model.encode(image);
    const waiting = volume.run(volumeInput, { signal: controller.signal });
    controller.abort();
    const answer = await waiting;
    expect(!answer.ok && answer.error.code).toBe('cancelled');
    await busy;
    expect(ran).not.toContain('volume');
  });

  it('is there again after the worker crashed, and moves when the device is lost', async () => {
    const stuck = { now: false };
    const onRun = (): Promise<void> | void => (stuck.now ? new Promise(() => undefined) : undefined);
    const { model, workers } = await start([{ name: 'webgpu', onRun }, { name: 'wasm' }]);
    const volume = await volumeIn(model);
    stuck.now = true;
    const lostCall = volume.run(volumeInput);
    await new Promise((resolve) => setTimeout(resolve));
    workers[0]!.crash();
    const answer = await lostCall;
    expect(!answer.ok && answer.error.code).toBe('worker-crashed');
    expect((await volume.run(volumeInput)).ok).toBe(true);
    expect(volume.report.backend).toBe('wasm');

    const { webgpu, arm } = dyingGpu();
    const other = await start([webgpu, { name: 'wasm' }]);
    const second = await volumeIn(other.model);
    arm();
    expect((await second.run(volumeInput)).ok).toBe(true);
    expect(second.report.backend).toBe('wasm');
  });
});
