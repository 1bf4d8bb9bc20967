import type { SamFamily } from '../inference/signature/samSignature.ts';

/** What the models in use were trained to be given, after the window: range, and mean and deviation of each channel. */
export const PIXEL_RECIPES = {
  'bytes-imagenet': {
    range: [0, 255],
    normalization: { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
  },
  'unit-imagenet': {
    range: [0, 1],
    normalization: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  },
  unit: { range: [0, 1] },
  bytes: { range: [0, 255] },
} as const;

export type PixelRecipe = keyof typeof PIXEL_RECIPES;

/**
 * What is usual for a family. Segment Anything and MedSAM have the same graphs and expect other values, so of `meta-sam` nothing
 * can be said; an export with pixels in rows normalises inside.
 */
export function usualRecipe(family: SamFamily, rows: boolean): PixelRecipe | undefined {
  if (rows) return 'bytes';
  switch (family) {
    case 'meta-sam':
      return undefined;
    case 'edge-sam':
      return 'bytes-imagenet';
    case 'efficient-sam':
      return 'unit';
    case 'transformers-sam':
    case 'sam2':
      return 'unit-imagenet';
  }
}

/** Windows in HU for the question; a manifest can say any. */
export const CT_WINDOWS = {
  'soft-tissue': { low: -160, high: 240 },
  lung: { low: -1350, high: 150 },
  brain: { low: 0, high: 80 },
  bone: { low: -450, high: 1050 },
  wide: { low: -1000, high: 1000 },
} as const;

export type CtWindow = keyof typeof CT_WINDOWS;
