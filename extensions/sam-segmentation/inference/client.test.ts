import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import { regionOf } from '../volume/region.ts';
import { NO_PROMPT } from '../volume/regionPrompt.ts';
import { startWorkerModel, type WorkerModel, type WorkerPort } from './client.ts';
import { InferenceHost } from './host.ts';
import type { DecoderPrompt, Embedding } from './model.ts';
import type { RequestMessage } from './protocol.ts';
import type { BackendReport } from './selectBackend.ts';
import type { SelfCheckRecord } from './selfCheckRecord.ts';
import { readTinyFile, type TinyBackendOptions, tinyBackend, tinyManifestText } from './tinyModel.node.ts';
import { tinyVolumeManifest, tinyVolumeManifestText } from './tinyVolume.node.ts';
import type { WorkerVolumeModel } from './volumeClient.ts';

const image = Float32Array.from({ length: 16 }, (_, index) => index);
const prompt: DecoderPrompt = { points: [{ x: 3, y: 0, label: 1 }] };

type LocalBackend = TinyBackendOptions & { readonly name: 'webgpu' | 'wasm'; readonly onOpen?: () => void };

const region = regionOf(
  { k: 0, box: { x0: 0, y0: 0, x1: 9, y1: 9 } },
  { positions: [0], columnSpacing: 1, rowSpacing: 1 },
  tinyVolumeManifest.region,
);
const cells = region.depth * region.size ** 2;
const volumeInput = {
  image: new Float32Array(cells).fill(0.75),
  inside: new Float32Array(cells).fill(1),
  region,
  prompt: NO_PROMPT,
};

/** A worker that lives in this thread; messages are cloned and arrive later, as with a real one. */
class LocalWorker implements WorkerPort {
  onmessage: WorkerPort['onmessage'] = null;
  onerror: WorkerPort['onerror'] = null;
  readonly received: RequestMessage[] = [];
  #host: InferenceHost | undefined;

  constructor(backends: readonly LocalBackend[], remote?: TinyBackendOptions) {
    this.#host = new InferenceHost({
      post: (message) => {
        const data = structuredClone(message);
        queueMicrotask(() => this.#host && this.onmessage?.({ data } as MessageEvent));
      },
      backends: backends.map((options) => ({
        name: options.name,
        async open() {
          options.onOpen?.();
          return tinyBackend(options);
        },
      })),
      openRemote: async () =>
        remote === undefined
          ? err(appError('backend-unavailable', 'there is no server'))
          : tinyBackend({ ...remote, name: 'remote', elsewhere: 'gpu.test' }),
      readText: async (url) => ok(url.includes('tiny-volume') ? tinyVolumeManifestText : tinyManifestText),
      filesAt: () => readTinyFile,
    });
  }

  postMessage(message: RequestMessage): void {
    this.received.push(message);
    const data = structuredClone(message);
    queueMicrotask(() => this.#host?.receive(data));
  }

  terminate(): void {
    this.#host = undefined;
  }

  crash(): void {
    this.onerror?.({ message: 'memory access out of bounds' } as ErrorEvent);
  }
}

function memoryRecord(ended?: 'webgpu'): SelfCheckRecord & { trying: string | undefined } {
  const passed: string[] = [];
  return {
    trying: undefined,
    passed: () => passed,
    addPassed: (key) => void passed.push(key),
    endedDuring: () => ended,
    setTrying(backend) {
      this.trying = backend;
    },
  };
}

async function start(backends: readonly LocalBackend[], record = memoryRecord(), remote?: TinyBackendOptions) {
  const workers: LocalWorker[] = [];
  const changes: BackendReport[] = [];
  const started = await startWorkerModel({
    manifestUrl: 'http://localhost/models/tiny/manifest.json',
    record,
    ...(remote === undefined ? {} : { remote: { url: 'http://localhost', label: 'gpu.test' } }),
    createWorker: () => {
      const worker = new LocalWorker(backends, remote);
      workers.push(worker);
      return worker;
    },
    onBackendChange: (report) => void changes.push(report),
  });
  if (!started.ok) throw new Error(started.error.message);
  return { model: started.value, workers, changes, record };
}

async function encoded(model: WorkerModel): Promise<Embedding> {
  const embedding = await model.encode(image);
  if (!embedding.ok) throw new Error(embedding.error.message);
  return embedding.value;
}

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

  it('moves to WebAssembly when the device is lost, and the prompt under way is answered there', async () => {
    let lose = (_reason: string): void => undefined;
    const lost = new Promise<string>((resolve) => {
      lose = resolve;
    });
    let armed = false;
    const onRun = (): Promise<void> | void => {
      if (!armed) return;
      lose('driver reset');
      return new Promise(() => undefined);
    };
    const { model, changes } = await start([{ name: 'webgpu', lost, onRun }, { name: 'wasm' }]);
    expect(model.report.backend).toBe('webgpu');
    const embedding = await encoded(model);
    armed = true;
    const mask = await model.decode(embedding, prompt);
    expect(mask.ok && mask.value.logits[5]).toBe(8);
    expect(model.report.backend).toBe('wasm');
    expect(changes.map((report) => report.attempts[0]!.reason)).toEqual([
      'The graphics device was lost (driver reset).',
    ]);
  });

  it('moves also when the run fails just before the loss is announced', async () => {
    let lose = (_reason: string): void => undefined;
    const lost = new Promise<string>((resolve) => {
      lose = resolve;
    });
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
    let lose = (_reason: string): void => undefined;
    const lost = new Promise<string>((resolve) => {
      lose = resolve;
    });
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

    let lose = (_reason: string): void => undefined;
    const lost = new Promise<string>((resolve) => {
      lose = resolve;
    });
    const armed = { now: false };
    const hang = (): Promise<void> | void => {
      if (!armed.now) return;
      lose('driver reset');
      return new Promise(() => undefined);
    };
    const other = await start([{ name: 'webgpu', lost, onRun: hang }, { name: 'wasm' }]);
    const second = await volumeIn(other.model);
    armed.now = true;
    expect((await second.run(volumeInput)).ok).toBe(true);
    expect(second.report.backend).toBe('wasm');
  });
});
