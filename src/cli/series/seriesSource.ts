import type { IntensityRecipes, SliceSource } from '../../../extensions/sam-segmentation/node.ts';

/** The slices of a series as one model sees them, and as another would. */
export interface SeriesSource extends SliceSource {
  /** The same slices through the window that another model's manifest asks for; percentiles are taken anew. */
  seenBy(manifest: { readonly intensity: IntensityRecipes }): SeriesSource;
}
