import { describe, expect, it } from 'vitest';
import { usualCompanions } from './usualCompanions.ts';

const series = (id: string, modality: string, images?: number) => ({ id, modality, images });
const usual = (modality: string, ...others: readonly ReturnType<typeof series>[]) =>
  usualCompanions(modality, others, ({ images }) => images).map(({ id }) => id);

describe('the series that usually have a say', () => {
  it('are one of each other modality, that of most images', () => {
    expect(usual('CT', series('scout', 'MR', 5), series('t1', 'MR', 40), series('pet', 'PT', 300))).toEqual([
      't1',
      'pet',
    ]);
  });

  it('are none of the same modality, which may show something else on purpose', () => {
    expect(usual('MR', series('flair', 'MR', 40), series('secondary', 'SC', 3))).toEqual([]);
  });

  it('are none that is very large, and one whose size nobody says', () => {
    expect(usual('PT', series('thin', 'CT', 2000), series('enhanced', 'MR'))).toEqual(['enhanced']);
  });
});
