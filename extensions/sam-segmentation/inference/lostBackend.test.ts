import { describe, expect, it } from 'vitest';
import { dyingGpu, encoded, image, losable, memoryRecord, prompt, start, volumeInput } from './testing/localWorker.ts';

describe('a backend that is lost', () => {
  it('moves to WebAssembly when the device is lost, and the prompt under way is answered there', async () => {
    const { webgpu, arm } = dyingGpu();
    const { model, changes } = await start([webgpu, { name: 'wasm' }]);
    expect(model.report.backend).toBe('webgpu');
    const embedding = await encoded(model);
    arm();
    const mask = await model.decode(embedding, prompt);
    expect(mask.ok && mask.value.logits[5]).toBe(8);
    expect(model.report.backend).toBe('wasm');
    expect(changes.map((report) => report.attempts[0]!.reason)).toEqual([
      'The graphics device was lost (driver reset).',
    ]);
  });

  it('moves also when the run fails just before the loss is announced', async () => {
    const { lost, lose } = losable();
    let armed = false;
    const onRun = (): void => {
      if (!armed) return;
      setTimeout(() => lose('driver reset'), 5);
      throw new Error('mapAsync failed');
    };
    const { model } = await start([{ name: 'webgpu', lost, onRun }, { name: 'wasm' }]);
    const embedding = await encoded(model);
    armed = true;
    expect((await model.decode(embedding, prompt)).ok).toBe(true);
    expect(model.report.backend).toBe('wasm');
  });

  it('asks a server for several slices at once, and when it is gone moves once and goes on one by one', async () => {
    const { lost, lose } = losable();
    const together = { there: 0, here: 0, mostThere: 0, mostHere: 0, opened: 0, armed: false };
    const onRemoteRun = (): Promise<void> | void => {
      if (!together.armed) return;
      together.there += 1;
      together.mostThere = Math.max(together.mostThere, together.there);
      if (together.there === 4) setTimeout(() => lose('no answer'));
      return new Promise(() => undefined);
    };
    const onRun = async (): Promise<void> => {
      together.here += 1;
      together.mostHere = Math.max(together.mostHere, together.here);
      await new Promise((resolve) => setTimeout(resolve, 3));
      together.here -= 1;
    };
    const { model, changes } = await start(
      [{ name: 'wasm', onRun, onOpen: () => void together.opened++ }],
      memoryRecord(),
      { lost, onRun: onRemoteRun },
    );
    expect(model.report.sentTo).toBe('gpu.test');
    const [early, volume] = await Promise.all([
      encoded(model),
      model.loadVolume('http://localhost/models/tiny-volume/manifest.json'),
    ]);
    if (!volume.ok) throw new Error(volume.error.message);
    together.opened = 0;
    together.armed = true;
    const abort = new AbortController();
    const given = model.encode(image, { signal: abort.signal });
    const encodes = Array.from({ length: 20 }, () => model.encode(image, { priority: 'propagation' }));
    const volumes = [volume.value.run(volumeInput), volume.value.run(volumeInput)];
    const decode = model.decode(early, prompt);
    setTimeout(() => abort.abort());
    expect((await Promise.all([...encodes, ...volumes, decode])).map(({ ok }) => ok)).toEqual(Array(23).fill(true));
    expect((await given).ok).toBe(false);
    expect(together).toMatchObject({ mostThere: 16, mostHere: 1, opened: 1 });
    expect(changes.map(({ backend, attempts }) => [backend, attempts[0]!.reason])).toEqual([
      ['wasm', 'The inference server is gone (no answer).'],
    ]);
    expect((await model.decode(await encoded(model), prompt)).ok).toBe(true);
  });
});
