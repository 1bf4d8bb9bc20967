import { describe, expect, it, vi } from 'vitest';
import { draw, setUp } from '../../../test/support/lesion/phantomSession.ts';
import { brightnessModel } from '../segmenter/testing/brightnessModel.ts';
import { brightVolumeModel } from '../segmenter/testing/brightVolumeModel.ts';
import type { ReportingModel } from './modelSource.ts';

const K = 10;

/** Both models, the promptable one not encoding before it is let; the volume model's masks are too large. */
function twoModels() {
  const bright = brightnessModel();
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const encode: ReportingModel['encode'] = async (image, options) => {
    await gate;
    return bright.encode(image, options);
  };
  const report = { backend: 'wasm', threads: 1, attempts: [], selfCheckKey: 'k' } as const;
  const model: ReportingModel = Object.assign(Object.create(bright), { report, encode });
  const volume = brightVolumeModel(
    { rule: 'volume' },
    (answer) => ({ ...answer, logits: answer.logits.map((logit) => logit + 9.5) }),
    { rule: 'mean-logits', with: 'brightness', promptedPerLogit: 4 },
  );
  const set = setUp({ model, volume });
  const shown = () => set.labelmap.state.getState().preview?.slices;
  const glimpsed = () => vi.waitFor(() => expect(shown()?.has(K)).toBe(true));
  return { ...set, volume, shown, glimpsed, encodeNow: () => letGo() };
}

describe('a box that two models look at', () => {
  it('shows the mask of the first, then of both, and keeps that when it is propagated', async () => {
    const { session, shown, glimpsed, encodeNow, ready, settled, volume } = twoModels();
    session.send(draw(K));
    await glimpsed();
    const first = shown()!.get(K)!;
    encodeNow();
    await ready(K);
    const both = shown()!.get(K)!;
    expect(both).not.toEqual(first);
    session.send({ kind: 'propagate' });
    await settled('reviewing');
    expect(shown()!.get(K)).toEqual(both);
    expect(volume.asked.length).toBe(1);
  });

  it('settles as it would have, where a run is stopped before it has', async () => {
    const calm = twoModels();
    calm.session.send(draw(K));
    calm.encodeNow();
    await calm.ready(K);

    const { session, shown, glimpsed, encodeNow, ready, settled } = twoModels();
    session.send(draw(K));
    await glimpsed();
    session.send({ kind: 'propagate' });
    await vi.waitFor(() => expect(shown()!.size).toBeGreaterThan(5));
    session.send({ kind: 'escape' });
    await settled('reviewing');
    encodeNow();
    await ready(K);
    expect(shown()!.get(K)).toEqual(calm.shown()!.get(K));
  });
});
