import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import { ok, type Result } from '#core/result.ts';
import type { OpenSeries, ViewerPort } from '#extension-api';
import type { ModelManifest } from '../inference/manifest.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import { recipeFor } from '../preprocess/intensity.ts';
import { recipeWindow } from './modelWindow.ts';

/** Through which window a volume model sees the open series. */
export interface VolumeWindows {
  /** @param shown of the promptable model; what the reader has chosen holds for both */
  windowFor(manifest: VolumeManifest, shown: IntensityWindow, signal: AbortSignal): Promise<Result<IntensityWindow>>;
  forget(): void;
}

/** Percentiles of a whole series are taken once, and only where the two models' recipes differ. */
export function createVolumeWindows(
  prompted: ModelManifest,
  viewer: Pick<ViewerPort, 'openSeries' | 'slicePixels'>,
): VolumeWindows {
  let known: { readonly open: OpenSeries; readonly window: IntensityWindow } | undefined;
  return {
    async windowFor(manifest, shown, signal) {
      const open = viewer.openSeries.getState();
      if (open === undefined || shown.source === 'preset') return ok(shown);
      const recipe = (of: typeof manifest | ModelManifest): string =>
        JSON.stringify(recipeFor(of.intensity, open.series.modality));
      if (recipe(prompted) === recipe(manifest)) return ok(shown);
      if (known?.open === open) return ok(known.window);
      const window = await recipeWindow(manifest, open, viewer, { signal, onProgress: () => undefined });
      if (window.ok) known = { open, window: window.value };
      return window;
    },
    forget() {
      known = undefined;
    },
  };
}
