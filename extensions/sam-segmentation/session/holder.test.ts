import { describe, expect, it } from 'vitest';
import { emptyLabelmap, type Labelmap, type SliceMask } from '#core/labelmap/labelmap.ts';
import { holderOf } from './holder.ts';
import type { Lesion, Target } from './sessionState.ts';
import { drawn, play, result } from './testing/playSession.ts';

const NEW: Target = { kind: 'new' };
const mask = (...values: readonly number[]): SliceMask => Uint8Array.from(values);

/** One lesion boxed on slice 3, found on four pixels. */
function found(): Lesion {
  const session = play(8, drawn(3));
  const asked = session.effects.find((effect) => effect.kind === 'preview');
  if (asked?.kind !== 'preview') throw new Error('No preview was asked for');
  const answer = { ...result(), mask: mask(1, 1, 1, 1, 0, 0) };
  session.send({ kind: 'preview-ready', k: 3, revision: asked.revision, result: answer });
  return session.state.lesion;
}

function labelmapWith(...segments: readonly (readonly [number, number, SliceMask])[]): Labelmap {
  return {
    ...emptyLabelmap({ columns: 3, rows: 2, slices: 8 }),
    segments: segments.map(([number]) => ({ number, label: `Lesion ${number}` }) as Labelmap['segments'][number]),
    voxels: new Map(segments.map(([number, k, voxels]) => [number, new Map([[k, voxels]])])),
  };
}

describe('the segment that holds what was boxed', () => {
  it('is the one that has more than half of it', () => {
    const labelmap = labelmapWith([1, 3, mask(1, 0, 0, 0, 1, 1)], [2, 3, mask(0, 1, 1, 1, 0, 0)]);
    expect(holderOf(found(), labelmap, NEW)?.label).toBe('Lesion 2');
  });

  it('is none where half or more is left, where it lies on another slice, and where there is no segment', () => {
    expect(holderOf(found(), labelmapWith([1, 3, mask(1, 1, 0, 0, 1, 1)]), NEW)).toBeUndefined();
    expect(holderOf(found(), labelmapWith([1, 4, mask(1, 1, 1, 1, 1, 1)]), NEW)).toBeUndefined();
    expect(holderOf(found(), labelmapWith(), NEW)).toBeUndefined();
  });

  it('is none where the lesion goes into that very segment, and while nothing is found yet', () => {
    const labelmap = labelmapWith([1, 3, mask(1, 1, 1, 1, 0, 0)]);
    expect(holderOf(found(), labelmap, { kind: 'segment', number: 1 })).toBeUndefined();
    expect(holderOf(play(8, drawn(3)).state.lesion, labelmap, NEW)).toBeUndefined();
    expect(holderOf(play(8).state.lesion, labelmap, NEW)).toBeUndefined();
  });
});
