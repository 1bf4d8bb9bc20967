import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { PromptableModel } from '../inference/model.ts';
import type { BackendReport } from '../inference/selectBackend.ts';
import { brightnessModel } from '../segmenter/testing/brightnessModel.ts';
import { createModelSource, type ReportingModel } from './modelSource.ts';
import { writableState } from './writableState.ts';

const REPORT: BackendReport = { backend: 'wasm', threads: 1, attempts: [], selfCheckKey: 'k' };
const VIEWER = { openSeries: writableState(undefined), slicePixels: () => Promise.reject(new Error('no series')) };

/** Models that come when they are let, and say which of them were closed. */
function models() {
  const closed: string[] = [];
  const waiting: ((model: Result<ReportingModel>) => void)[] = [];
  const model = (name: string): ReportingModel => {
    const bright: PromptableModel = brightnessModel();
    return {
      ...bright,
      manifest: { ...bright.manifest, name },
      report: REPORT,
      dispose: async () => void closed.push(name),
    };
  };
  const source = createModelSource(() => new Promise((resolve) => waiting.push(resolve)), VIEWER);
  return { source, closed, waiting, arrives: (name: string) => waiting.shift()?.(ok(model(name))) };
}

describe('a model that takes the place of another', () => {
  it('is loaded when it is next wanted, and the old one is closed', async () => {
    const { source, closed, arrives } = models();
    const first = source.get();
    arrives('first');
    expect(await first).toMatchObject({ ok: true, value: { manifest: { name: 'first' } } });
    source.replace();
    expect([source.loaded(), source.state.getState().kind, closed]).toEqual([undefined, 'not-loaded', ['first']]);
    const second = source.get();
    arrives('second');
    expect(await second).toMatchObject({ ok: true, value: { manifest: { name: 'second' } } });
    expect(source.state.getState()).toMatchObject({ kind: 'ready', name: 'second' });
  });

  it('is given to whoever waited for the old one, which is closed when it comes late', async () => {
    const { source, closed, arrives } = models();
    const asked = source.get();
    source.replace();
    arrives('late');
    await Promise.resolve();
    await expect.poll(() => closed).toEqual(['late']);
    arrives('second');
    expect(await asked).toMatchObject({ ok: true, value: { manifest: { name: 'second' } } });
    expect(closed).toEqual(['late']);
  });

  it('does not show the failure of the old one', async () => {
    const { source, waiting, arrives } = models();
    const asked = source.get();
    source.replace();
    waiting.shift()?.(err(appError('no-backend', 'The old one failed.')));
    await expect.poll(() => waiting.length).toBe(1);
    expect(source.state.getState().kind).toBe('loading');
    arrives('second');
    expect((await asked).ok).toBe(true);
  });
});
