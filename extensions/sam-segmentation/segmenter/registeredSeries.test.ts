import { describe, expect, it, vi } from 'vitest';
import { appError } from '#core/errors.ts';
import { err } from '#core/result.ts';
import type { VolumeInput } from '../volume/channels.ts';
import { maskOnSlice, slicesInside } from '../volume/toSlices.ts';
import type { RegisteredSource, RegisteredVerdict } from './registeredSource.ts';
import type { SliceSource } from './sliceSource.ts';
import { type BrightVolumeModel, brightVolumeModel } from './testing/brightVolumeModel.ts';
import { area, keyframe, oneBox, range, sphere } from './testing/lesionByVolume.ts';
import { spherePhantom } from './testing/spherePhantom.ts';
import { createVolumeSegmenter, type VolumeLesion } from './volumeSegmenter.ts';
import { withRegistered } from './withRegistered.ts';

const key = keyframe(20);

/** The sphere as a series that shows little of it: too dark above slice 24. */
const faint: SliceSource = {
  ...spherePhantom(sphere),
  slice: async (k) => {
    const slice = await spherePhantom(sphere).slice(k);
    return slice.ok && k > 24
      ? { ok: true, value: { ...slice.value, values: slice.value.values.map((value) => 0.45 * value) } }
      : slice;
  },
};

/** The same sphere in a series of its own pixels: it begins 5 mm to the left and 4 mm above, and 6 mm further up. */
const [left, above, up] = [5, 4, 6];
const whole: SliceSource = (() => {
  const centre = [sphere.centre[0] + left, sphere.centre[1] + above, sphere.centre[2] - up] as const;
  const there = spherePhantom({ ...sphere, columns: 80, rows: 70, slices: 30, centre });
  return { ...there, geometry: { ...there.geometry, positions: there.geometry.positions.map((z) => z + up) } };
})();
const beside = (source = whole): RegisteredSource => ({ id: 'pet', source, shift: { x: left, y: above } });

function modelWith(change?: Parameters<typeof brightVolumeModel>[1], leastScore = 0.8): BrightVolumeModel {
  const model = brightVolumeModel({ rule: 'volume' }, change);
  return { ...model, manifest: { ...model.manifest, registered: { leastScore } } };
}

async function lesionOf(model: BrightVolumeModel, sources: readonly RegisteredSource[] | undefined, source = faint) {
  const alone: VolumeLesion[] = [];
  const said: (readonly RegisteredVerdict[])[] = [];
  const registered =
    sources &&
    withRegistered({
      get: async () => sources,
      onVerdicts: (verdicts: readonly RegisteredVerdict[]) => said.push(verdicts),
    });
  const volume = createVolumeSegmenter(model, source, registered);
  const lesion = await volume.run(oneBox, key, new Map(), { onAlone: async (seen) => void alone.push(seen) });
  if (!lesion.ok) throw new Error(lesion.error.message);
  return { lesion: lesion.value, alone, said };
}

function slicesOf(lesion: VolumeLesion): readonly number[] {
  const { first, last } = slicesInside(lesion.region, lesion.geometry)!;
  return range(first, last).filter((k) => area(maskOnSlice(lesion, k, 0)) > 0);
}

describe('another series of the same frame of reference', () => {
  it('shows what the one that is segmented does not, in the same place of the patient', async () => {
    const model = modelWith();
    const own = await lesionOf(model, undefined);
    const joint = await lesionOf(model, [beside()]);
    const truth = await lesionOf(model, undefined, spherePhantom(sphere));
    expect(slicesOf(own.lesion).at(-1)).toBeLessThan(26);
    expect(slicesOf(joint.lesion)).toEqual(slicesOf(truth.lesion));
    expect(joint.lesion.registered).toEqual([{ id: 'pet', score: expect.closeTo(0.9, 5), counted: true }]);
    for (const k of [8, 12, 16, 20]) expect(maskOnSlice(joint.lesion, k, 0)).toEqual(maskOnSlice(truth.lesion, k, 0));
    // Where one of the two is dimmer, the border lies between what each of them says.
    expect(area(maskOnSlice(joint.lesion, 28, 0)) / area(maskOnSlice(truth.lesion, 28, 0))).toBeCloseTo(0.9, 1);
  });

  it('is looked at once, and what the series shows by itself is told before', async () => {
    const model = modelWith();
    const asked: VolumeInput[] = [];
    const watched = {
      ...model,
      run: vi.fn((...call: Parameters<typeof model.run>) => {
        asked.push(call[0]);
        return model.run(...call);
      }),
    };
    const { alone, said, lesion } = await lesionOf(watched, [beside()]);
    expect(asked.map(({ once }) => once)).toEqual([undefined, true]);
    expect(asked[1]!.region).toEqual(asked[0]!.region);
    expect(alone).toHaveLength(1);
    expect(slicesOf(alone[0]!).at(-1)).toBeLessThan(slicesOf(lesion).at(-1)!);
    expect(said).toEqual([lesion.registered]);
  });

  it('has no say where the lesion is unclear in it', async () => {
    const unsure = modelWith((answer, { once }) =>
      once ? { ...answer, score: answer.score.map(() => 0.79) } : answer,
    );
    const { lesion } = await lesionOf(unsure, [beside()]);
    expect(lesion.registered).toEqual([{ id: 'pet', score: expect.closeTo(0.79, 5), counted: false }]);
    expect(lesion.logits).toEqual((await lesionOf(unsure, undefined)).lesion.logits);
  });

  it('has no say where it has no image on the key slice, nor where it cannot be read', async () => {
    const model = modelWith();
    const own = (await lesionOf(model, undefined)).lesion.logits;
    const far = { ...whole, geometry: { ...whole.geometry, positions: whole.geometry.positions.map((z) => z + 500) } };
    const broken: SliceSource = { ...whole, slice: async () => err(appError('pixels-unavailable', 'It is gone.')) };
    const { lesion } = await lesionOf(model, [beside(far), beside(broken)]);
    expect(lesion.registered).toEqual([
      { id: 'pet', score: undefined, counted: false },
      { id: 'pet', score: undefined, counted: false, error: expect.objectContaining({ message: 'It is gone.' }) },
    ]);
    expect(lesion.logits).toEqual(own);
  });

  it('is not asked for where the manifest gives it no say', async () => {
    const get = vi.fn(async () => [beside()]);
    const volume = createVolumeSegmenter(brightVolumeModel(), faint, withRegistered({ get }));
    expect((await volume.run(oneBox, key, new Map())).ok).toBe(true);
    expect(get).not.toHaveBeenCalled();
  });

  it('that is still being read ends with the run', async () => {
    const controller = new AbortController();
    const get = (signal: AbortSignal | undefined) => {
      setTimeout(() => controller.abort(new Error('enough')));
      return new Promise<never>((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
    };
    const volume = createVolumeSegmenter(modelWith(), faint, withRegistered({ get }));
    const running = volume.run(oneBox, key, new Map(), { signal: controller.signal });
    await expect(running).rejects.toThrow('enough');
  });
});
