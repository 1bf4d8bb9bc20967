import type { Page } from 'playwright-core';

/** Pixel indices (row-major) by slice. */
export type Masks = Readonly<Record<number, readonly number[]>>;

/** What is shown and not accepted yet. */
export const previewMasks = (page: Page): Promise<Masks> =>
  page.evaluate(() => {
    const state = globalThis.voxprompt.labelmap.state.getState() as unknown as {
      readonly preview?: { readonly slices: ReadonlyMap<number, Uint8Array> };
    };
    const masks: Record<number, number[]> = {};
    for (const [k, mask] of state.preview?.slices ?? []) {
      const on: number[] = [];
      mask.forEach((value, index) => {
        if (value === 1) on.push(index);
      });
      if (on.length > 0) masks[k] = on;
    }
    return masks;
  });
