import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import type { InferenceBackend } from './backends/backend.ts';
import { readGolden } from './golden.ts';
import { type ModelGraphs, readGraphs } from './modelFiles.ts';
import { createSamRuntime } from './samRuntime.ts';
import { type BackendCandidate, selectBackend } from './selectBackend.ts';
import { selfCheck } from './selfCheck.ts';
import { readTinyFile, type TinyBackendOptions, tinyBackend, tinyManifest } from './tinyModel.node.ts';

const tiny = {
  manifest: tinyManifest,
  create: (graphs: ModelGraphs | undefined, backend: InferenceBackend) =>
    createSamRuntime(tinyManifest, graphs, backend),
  check: selfCheck,
};

async function select(candidates: readonly BackendCandidate[], trusted: readonly string[] = []) {
  let loads = 0;
  const load = {
    golden: () => readGolden(tinyManifest, readTinyFile),
    graphs: () => {
      loads += 1;
      return readGraphs(tinyManifest, readTinyFile);
    },
  };
  const selected = await selectBackend({ ...tiny, candidates, load, trusted });
  return { selected, loads, attempts: selected.ok ? selected.value.report.attempts : [] };
}

const candidate = (options: TinyBackendOptions & { name: 'webgpu' | 'wasm' }): BackendCandidate => ({
  name: options.name,
  open: async () => tinyBackend(options),
});
const wasm = candidate({ name: 'wasm' });

describe('selectBackend', () => {
  it('uses WebGPU when it reproduces the golden output, and does not try WebAssembly', async () => {
    const { selected, attempts } = await select([candidate({ name: 'webgpu' }), wasm]);
    expect(selected.ok && selected.value.report.backend).toBe('webgpu');
    expect(attempts.map(({ backend, outcome }) => [backend, outcome])).toEqual([['webgpu', 'ok']]);
    expect(attempts[0]!.reason).toContain('the golden output was reproduced');
  });

  it('refuses a backend whose numbers are wrong, says by how much, and falls back', async () => {
    const { selected, attempts } = await select([candidate({ name: 'webgpu', gain: 1.1 }), wasm]);
    expect(selected.ok && selected.value.report.backend).toBe('wasm');
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['refused', 'ok']);
    expect(attempts[0]!.reason).toMatch(
      /differs from the reference \(embedding 0\.059 of 0\.01, logits 0\.059 of 0\.01/,
    );
  });

  it('refuses a backend that computes NaN', async () => {
    const { attempts } = await select([candidate({ name: 'webgpu', gain: Number.NaN }), wasm]);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['refused', 'ok']);
  });

  it('reports a backend that cannot create the session or run it, and falls back', async () => {
    const creating = await select([candidate({ name: 'webgpu', createFails: true }), wasm]);
    expect(creating.attempts[0]).toMatchObject({ backend: 'webgpu', outcome: 'failed' });
    expect(creating.attempts[0]!.reason).toContain('out of memory');
    const onRun = (): never => {
      throw new Error('device lost');
    };
    const running = await select([candidate({ name: 'webgpu', onRun }), wasm]);
    expect(running.attempts[0]).toMatchObject({ outcome: 'failed' });
    expect(running.attempts[0]!.reason).toContain('device lost');
  });

  it('reads no model for an adapter that must not be used', async () => {
    const refused: BackendCandidate = {
      name: 'webgpu',
      open: async () => err(appError('backend-refused', 'The graphics adapter (google swiftshader) is software.')),
    };
    const { selected, loads } = await select([refused]);
    expect(loads).toBe(0);
    expect(!selected.ok && selected.error.code).toBe('no-backend');
    expect(!selected.ok && selected.error.message).toContain('google swiftshader');
  });

  it('does not open what must be skipped, and calls a vendor module that does not load unavailable', async () => {
    const skipped: BackendCandidate = { name: 'webgpu', skip: 'It ended the browser.', open: () => Promise.reject() };
    const broken: BackendCandidate = { name: 'webgpu', open: () => Promise.reject(new Error('404')) };
    const { attempts } = await select([skipped, broken, wasm]);
    expect(attempts.map(({ outcome, reason }) => [outcome, reason.slice(0, 22)])).toEqual([
      ['refused', 'It ended the browser.'],
      ['unavailable', 'It could not be starte'],
      ['ok', 'the golden output was '],
    ]);
  });

  it('skips the golden run only for a backend, model and runtime that passed it before', async () => {
    let runs = 0;
    const counted = candidate({ name: 'wasm', onRun: () => void runs++ });
    const first = await select([counted]);
    expect(runs).toBe(2);
    const key = first.selected.ok ? first.selected.value.report.selfCheckKey : '';
    const second = await select([counted], [key]);
    expect(runs).toBe(2);
    expect(second.attempts[0]!.reason).toContain('passed earlier');
    await select([counted], [key.replace('tiny wasm', 'tiny wasm 2')]);
    expect(runs).toBe(4);
  });

  it('runs the self-check of a server each time: its model may be another one since', async () => {
    let gain = 1;
    const server: BackendCandidate = {
      name: 'remote',
      open: async () => tinyBackend({ name: 'remote', elsewhere: 'gpu.test', gain }),
    };
    const first = await select([server, wasm]);
    expect(first.selected.ok && first.selected.value.report.sentTo).toBe('gpu.test');
    gain = 1.1;
    const key = first.selected.ok ? first.selected.value.report.selfCheckKey : '';
    const second = await select([server, wasm], [key]);
    expect(second.attempts.map(({ backend, outcome }) => [backend, outcome])).toEqual([
      ['remote', 'refused'],
      ['wasm', 'ok'],
    ]);
  });

  it('ends with the loading error when the model itself cannot be read, since no backend can help', async () => {
    const error = appError('model-hash-mismatch', 'encoder.onnx is not the file that the manifest names.');
    const result = await selectBackend({
      ...tiny,
      candidates: [wasm],
      load: { golden: async () => ok(undefined), graphs: async () => err(error) },
      trusted: [],
    });
    expect(!result.ok && result.error).toEqual(error);
  });
});
