import { describe, expect, it } from 'vitest';
import { brightVolumeModel } from './testing/brightVolumeModel.ts';
import { area, lesionOf, oneBox } from './testing/lesionByVolume.ts';

describe('the promptable model looks again', () => {
  const doubting = (rule: 'prompted' | 'mean-logits') =>
    brightVolumeModel({ rule, below: 0.7, atMost: 2 }, (answer) => ({
      ...answer,
      // Samples 12 to 14 are in doubt, the middle one most.
      score: answer.score.map((score, j) => (j >= 12 && j <= 14 ? 0.5 + 0.1 * Math.abs(j - 13) : score)),
    }));

  it('at the lowest scores only, as many as the manifest allows, with the box of the mask as its prompt', async () => {
    const { slices, events, sam } = await lesionOf(oneBox, { model: doubting('prompted') });
    const refined = [...slices.values()].filter(({ origin }) => origin === 'refined');
    expect(refined.length).toBe(2);
    expect(sam.encoded).toBe(3);
    expect(events.slice(-2).map(({ kind }) => kind)).toEqual(['slice', 'slice']);
    expect(Math.min(...[...slices.values()].map(({ score }) => score ?? 1))).toBeCloseTo(refined[0]!.score!, 1);
  });

  it('and the mean of both logits is another mask than either', async () => {
    const wide = brightVolumeModel({ rule: 'mean-logits', below: 1, atMost: 99 }, (answer) => ({
      ...answer,
      logits: answer.logits.map((logit) => logit + 4),
    }));
    const mean = await lesionOf(oneBox, { model: wide });
    const alone = await lesionOf(oneBox, {
      model: brightVolumeModel({ rule: 'volume' }, (a) => ({ ...a, logits: a.logits.map((l) => l + 4) })),
    });
    expect(area(mean.slices.get(24)!.mask)).toBeLessThan(area(alone.slices.get(24)!.mask));
    expect(mean.slices.get(24)!.origin).toBe('refined');
  });
});
