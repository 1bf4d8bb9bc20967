import { describe, expect, it } from 'vitest';
import { startWorkerModel } from './client.ts';
import { encoded, image, LocalWorker, memoryRecord, prompt, start } from './testing/localWorker.ts';

describe('a model in a worker', () => {
  it('encodes once, decodes per prompt, and forgets what is released', async () => {
    const { model } = await start([{ name: 'wasm' }]);
    const embedding = await encoded(model);
    const mask = await model.decode(embedding, prompt);
    expect(mask.ok && [...mask.value.logits]).toEqual([...image].map((value) => value + 3));
    expect(mask.ok && [mask.value.width, mask.value.height, mask.value.score]).toEqual([4, 4, 0.5]);
    expect([...image.subarray(0, 3)]).toEqual([0, 1, 2]);
    model.release(embedding);
    const gone = await model.decode(embedding, prompt);
    expect(!gone.ok && gone.error.code).toBe('embedding-evicted');
  });

  it('rejects only the call that failed', async () => {
    let runs = 0;
    const onRun = (what: string): void => {
      if (what === 'decode' && ++runs === 3) throw new Error('bad kernel');
    };
    const { model } = await start([{ name: 'wasm', onRun }]);
    const embedding = await encoded(model);
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => model.decode(embedding, prompt)));
    expect([first!.ok, second!.ok, third!.ok]).toEqual([true, false, true]);
    expect(!second!.ok && second!.error).toMatchObject({ code: 'inference-failed', cause: 'bad kernel' });
  });

  it('answers a cancelled call at once and never runs what was still waiting', async () => {
    const ran: string[] = [];
    const { model } = await start([{ name: 'wasm', onRun: (what) => void ran.push(what) }]);
    const embedding = await encoded(model);
    ran.length = 0;
    const controller = new AbortController();
    const calls = [0, 1, 2].map(() => model.encode(image, { priority: 'propagation', signal: controller.signal }));
    const decode = model.decode(embedding, prompt);
    controller.abort();
    const answers = await Promise.all(calls);
    expect(answers.map((answer) => !answer.ok && answer.error.code)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect((await decode).ok).toBe(true);
    expect(ran).not.toContain('encode');
  });

  it('restarts a crashed worker without WebGPU, and reports the calls that it had', async () => {
    const stuck = { now: false };
    const onRun = (): Promise<void> | void => (stuck.now ? new Promise(() => undefined) : undefined);
    const { model, workers, changes } = await start([{ name: 'webgpu', onRun }, { name: 'wasm' }]);
    const embedding = await encoded(model);
    stuck.now = true;
    const lostCall = model.decode(embedding, prompt);
    await new Promise((resolve) => setTimeout(resolve));
    workers[0]!.crash();
    const answer = await lostCall;
    expect(!answer.ok && answer.error).toMatchObject({ code: 'worker-crashed', cause: 'memory access out of bounds' });
    const old = await model.decode(embedding, prompt);
    expect(!old.ok && old.error.code).toBe('embedding-evicted');
    expect((await model.decode(await encoded(model), prompt)).ok).toBe(true);
    expect(workers).toHaveLength(2);
    expect(changes.map((report) => report.backend)).toEqual(['wasm']);
    expect(model.report.attempts[0]).toMatchObject({ backend: 'webgpu', outcome: 'refused' });
  });

  it('gives up after three crashes in a row instead of restarting for ever', async () => {
    const { model, workers } = await start([{ name: 'wasm' }]);
    for (let index = 0; index < 3; index++) workers[index]!.crash();
    const answer = await model.encode(image);
    expect(workers).toHaveLength(3);
    expect(!answer.ok && answer.error).toMatchObject({ code: 'worker-crashed', remedy: 'Reload the page.' });
  });

  it('does not try WebGPU again after the browser ended while it was tried', async () => {
    const { model } = await start([{ name: 'webgpu' }, { name: 'wasm' }], memoryRecord('webgpu'));
    expect(model.report.backend).toBe('wasm');
    expect(model.report.attempts[0]!.reason).toContain('ended unexpectedly');
  });

  it('never opens what the reader chose against, in a worker that took the place of a dead one either', async () => {
    const opened: string[] = [];
    const workers: LocalWorker[] = [];
    const backends = (['webgpu', 'wasm'] as const).map((name) => ({ name, onOpen: () => void opened.push(name) }));
    const started = await startWorkerModel({
      manifestUrl: 'http://localhost/m.json',
      record: memoryRecord(),
      skip: { webgpu: 'WebAssembly was chosen.' },
      createWorker: () => {
        workers.push(new LocalWorker(backends));
        return workers.at(-1)!;
      },
    });
    if (!started.ok) throw new Error(started.error.message);
    const model = started.value;
    expect(model.report.attempts.map(({ backend, reason }) => [backend, reason])[0]).toEqual([
      'webgpu',
      'WebAssembly was chosen.',
    ]);
    workers[0]!.crash();
    await encoded(model);
    expect(workers).toHaveLength(2);
    expect(opened).toEqual(['wasm', 'wasm']);
  });

  it('remembers a passed self-check and leaves no mark of a try that came to an end', async () => {
    const { record, model } = await start([{ name: 'wasm' }]);
    expect(record.passed()).toEqual([model.report.selfCheckKey]);
    expect(record.trying).toBeUndefined();
  });

  it('can be cancelled while it starts, and answers nothing after it was closed', async () => {
    const options = {
      manifestUrl: 'http://localhost/m.json',
      record: memoryRecord(),
      createWorker: () => new LocalWorker([{ name: 'wasm' as const }]),
    };
    const controller = new AbortController();
    const starting = startWorkerModel({ ...options, signal: controller.signal });
    controller.abort();
    const started = await starting;
    expect(!started.ok && started.error.code).toBe('cancelled');

    const { model } = await start([{ name: 'wasm' }]);
    await model.dispose();
    const answer = await model.encode(image);
    expect(!answer.ok && answer.error.code).toBe('model-disposed');
  });
});
