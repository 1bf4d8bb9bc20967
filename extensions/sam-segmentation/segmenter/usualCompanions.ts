/** Modalities whose grey values a volume model has been shown. */
export const SEEN_MODALITIES: readonly string[] = ['CT', 'MR', 'PT'];

/**
 * Which other series of a study have a say unless the reader says otherwise: one of each other modality, that of most images. A
 * second series of the same modality may show something else of the lesion on purpose (oedema, necrosis): that is the reader's choice.
 * @param others series of the study besides the one that is segmented
 * @param imagesOf how many images a series has, where that is known
 */
export function usualCompanions<T extends { readonly modality: string }>(
  modality: string,
  others: readonly T[],
  imagesOf: (series: T) => number | undefined = () => undefined,
): readonly T[] {
  const images = (series: T | undefined): number => (series === undefined ? -1 : (imagesOf(series) ?? 0));
  return SEEN_MODALITIES.filter((other) => other !== modality).flatMap((other) =>
    others
      .filter((series) => series.modality === other && images(series) <= MOST_IMAGES)
      .reduce<T[]>((best, series) => (images(series) > images(best[0]) ? [series] : best), []),
  );
}

/** A series of more images than this takes long to fetch and much memory: it is read where the reader asks for it. */
const MOST_IMAGES = 600;
