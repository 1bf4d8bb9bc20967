import { describe, expect, it } from 'vitest';
import { propagateLesion } from './propagateLesion.ts';
import type { SliceSource } from './sliceSource.ts';
import { brightVolumeModel } from './testing/brightVolumeModel.ts';
import { area, keyframe, lesionOf, oneBox, range, setUp, sphere } from './testing/lesionByVolume.ts';
import { spherePhantom } from './testing/spherePhantom.ts';

describe('a lesion from one run of a volume model', () => {
  it('is the sphere, from one box and one encode: the key slice of the promptable model, the rest of the volume model', async () => {
    const { slices, ends, model, sam, events, ks } = await lesionOf(oneBox);
    const voxels = [...slices.values()].reduce((sum, { mask }) => sum + area(mask), 0);
    const expected = (4 / 3) * Math.PI * 14 ** 3;
    expect(Math.abs(voxels - expected) / expected).toBeLessThan(0.05);
    expect(ks).toEqual(range(ks[0]!, ks.at(-1)!));
    expect(Math.abs(ks[0]! - 6)).toBeLessThanOrEqual(1);
    expect(ends).toEqual({
      'towards-first': { k: ks[0], reason: 'model-end' },
      'towards-last': { k: ks.at(-1), reason: 'model-end' },
    });
    expect([model.asked.length, sam.encoded]).toEqual([1, 1]);
    expect([...slices.values()].map(({ origin }) => origin).filter((origin) => origin !== 'volume')).toEqual([
      'keyframe',
    ]);
    // Shown at once, with the ends, and with a score on every slice.
    expect(events.map(({ kind }) => kind)).toEqual(['slice', 'slices', 'stop', 'stop']);
    expect([...slices.values()].every(({ score }) => score !== undefined)).toBe(true);
  });

  it('lets the event loop turn between the slices and the ends: a screen that shows all slices needs its time', async () => {
    let turns = 0;
    const seen: (readonly [kind: string, turn: number])[] = [];
    await lesionOf(oneBox, {
      onEvent: ({ kind }) => {
        seen.push([kind, turns]);
        setTimeout(() => {
          turns += 1;
        });
      },
    });
    const turnOf = (wanted: string): number => seen.find(([kind]) => kind === wanted)![1];
    expect(turnOf('stop')).toBeGreaterThan(turnOf('slices'));
  });

  it('is the same lesion every time', async () => {
    expect((await lesionOf(oneBox)).slices).toEqual((await lesionOf(oneBox)).slices);
  });

  it('keeps one object: another sphere beside it is not part of it', async () => {
    const one = spherePhantom(sphere);
    const other = spherePhantom({ ...sphere, centre: [54, 51, 22], radius: 5 });
    const both: SliceSource = {
      ...one,
      async slice(k) {
        const [a, b] = [await one.slice(k), await other.slice(k)];
        if (!a.ok || !b.ok) throw new Error();
        return {
          ok: true,
          value: { ...a.value, values: a.value.values.map((v, i) => Math.max(v, b.value.values[i]!)) },
        };
      },
    };
    const alone = await lesionOf(oneBox);
    const beside = await lesionOf(oneBox, { source: both });
    for (const k of range(21, 27)) expect(beside.slices.get(k)!.mask).toEqual(alone.slices.get(k)!.mask);
  });

  it('looks again in a larger region when the mask touches its border, and says so when even that is too small', async () => {
    const long = spherePhantom({ ...sphere, slices: 161, centre: [33, 30, 80], radius: 1000 });
    const { model, ends } = await lesionOf({ keyframes: [keyframe(80)] }, { source: long });
    const growth = (of: 'step' | 'stepZ') =>
      model.asked.map(({ region }) => Number((region[of] / model.asked[0]!.region[of]).toFixed(9)));
    expect(growth('stepZ')).toEqual([1, 1.25, 1.5625]);
    expect(growth('step')).toEqual([1, 1.25, 1.5625]);
    expect(ends['towards-first']!.reason).toBe('region-limit');
  });

  it('ends at the end of the stack, at a gap in the images, and where the model would expect more', async () => {
    const short = spherePhantom({ ...sphere, slices: 27 });
    expect((await lesionOf(oneBox, { source: short })).ends['towards-last']).toEqual({ k: 26, reason: 'end-of-stack' });

    const whole = spherePhantom(sphere);
    const positions = whole.geometry.positions.map((z) => (z > 25 ? z + 2 : z));
    const gap = { ...whole, geometry: { ...whole.geometry, positions } };
    expect((await lesionOf(oneBox, { source: gap })).ends['towards-last']).toEqual({ k: 25, reason: 'missing-slice' });

    const expecting = brightVolumeModel({ rule: 'volume' }, (answer) => ({
      ...answer,
      presence: answer.presence.map(() => 0.95),
    }));
    expect((await lesionOf(oneBox, { model: expecting })).ends['towards-first']!.reason).toBe('unsure-end');
  });

  it('is one slice in a series of one slice', async () => {
    const source = spherePhantom({ ...sphere, slices: 1, centre: [33, 30, 0] });
    const { ks, ends } = await lesionOf({ keyframes: [keyframe(0)] }, { source });
    expect(ks).toEqual([0]);
    expect(ends['towards-first']!.reason).toBe('end-of-stack');
  });
});

describe('what the reader knows', () => {
  it('reaches a given end exactly: cut off before it, narrowed up to it', async () => {
    const { ks, ends, slices } = await lesionOf({ ...oneBox, first: 12, last: 36 });
    expect(ks).toEqual(range(12, 36));
    expect(ends['towards-last']).toEqual({ k: 36, reason: 'range' });
    expect(slices.get(36)!.origin).toBe('interpolated');
    expect(slices.get(36)!.score).toBeUndefined();
    expect(area(slices.get(36)!.mask)).toBeLessThanOrEqual(area(slices.get(35)!.mask));
  });

  it('reaches every slice that was boxed, with the shape between where the model finds nothing', async () => {
    const { ks, slices, ends } = await lesionOf(
      { keyframes: [keyframe(20), keyframe(38, { x0: 28, y0: 25, x1: 38, y1: 35 })] },
      {
        readerMasks: new Map([[38, disc(71, 64, 33, 30, 5)]]),
      },
    );
    expect(ks.at(-1)).toBe(38);
    expect(slices.get(38)!.origin).toBe('reader');
    expect([35, 36, 37].map((k) => slices.get(k)!.origin)).toEqual(['interpolated', 'interpolated', 'interpolated']);
    expect(ends['towards-last']!.k).toBe(38);
  });

  it('goes to the model: ends, boxes of other slices, masks and points', async () => {
    const { model } = await lesionOf(
      { keyframes: [keyframe(20), keyframe(26, { x0: 22, y0: 19, x1: 44, y1: 41 })], first: 6, last: 34 },
      { readerMasks: new Map([[20, disc(71, 64, 33, 30, 14)]]) },
    );
    const { prompt } = model.asked[0]!;
    expect([prompt.first, prompt.last]).toEqual([-14.5, 14.5]);
    expect([prompt.boxes.size, [...prompt.masks.keys()]]).toEqual([1, [16]]);
  });

  it('redoes only what lies beside a changed keyframe', async () => {
    const knowledge = { keyframes: [keyframe(20), keyframe(14), keyframe(28)] };
    const { ks, ends, events } = await lesionOf(knowledge, { changed: 28 });
    expect(
      Math.min(...events.flatMap((event) => (event.kind === 'slices' ? event.slices.map(({ k }) => k) : []))),
    ).toBe(21);
    expect(ks.at(-1)).toBeGreaterThan(30);
    expect(Object.keys(ends)).toEqual(['towards-last']);
  });

  it('keeps the mask of the key slice as the reader saw it, whatever the volume model says there', async () => {
    const nowhere = brightVolumeModel({ rule: 'volume' }, (answer) => ({
      ...answer,
      logits: answer.logits.map((logit) => logit - 5),
    }));
    const saw = await lesionOf(oneBox);
    const says = await lesionOf(oneBox, { model: nowhere });
    expect(says.slices.get(20)!.mask).toEqual(saw.slices.get(20)!.mask);
    expect(area(says.slices.get(21)!.mask)).toBeLessThan(area(saw.slices.get(21)!.mask));
  });

  it('is refused where it contradicts itself', async () => {
    const { segmenter, volume } = setUp(brightVolumeModel(), spherePhantom(sphere));
    const result = await propagateLesion({ segmenter, volume }, { keyframes: [keyframe(20)], last: 10 });
    expect(!result.ok && result.error.code).toBe('box-outside-range');
  });
});

describe('a run that is stopped', () => {
  it('keeps what was shown: the key slice before the model has answered, all of it while slices are refined', async () => {
    const before = new AbortController();
    const early = await lesionOf(oneBox, { signal: before.signal, onEvent: () => before.abort() });
    expect([early.ks, early.ends['towards-last']]).toEqual([[20], { k: 20, reason: 'cancelled' }]);

    const later = new AbortController();
    const late = await lesionOf(oneBox, {
      model: brightVolumeModel({ rule: 'prompted', below: 1, atMost: 99 }),
      signal: later.signal,
      onEvent: (event) => {
        if (event.kind === 'stop') later.abort();
      },
    });
    expect(late.ks.length).toBeGreaterThan(20);
    expect(late.ends['towards-last']!.reason).toBe('model-end');
    expect([...late.slices.values()].some(({ origin }) => origin === 'refined')).toBe(false);
  });
});

function disc(columns: number, rows: number, cx: number, cy: number, radius: number): Uint8Array {
  return Uint8Array.from({ length: columns * rows }, (_, index) => {
    const x = index % columns;
    return Math.hypot(x - cx, (index - x) / columns - cy) <= radius ? 1 : 0;
  });
}
