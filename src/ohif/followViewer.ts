import type { Labelmap } from '#core/labelmap/labelmap.ts';
import type { EmbeddedHost } from '../embed/createEmbeddedHost.ts';
import type { HeldSegmentation } from '../embed/labelmap/segmentationHome.ts';
import type { OhifServices } from './ohif.ts';
import { labelImages } from './ohifHome.ts';

/** OHIF tells of a viewport before Cornerstone has its images. */
const LOOK_AGAIN_MS = 300;

/**
 * Opens in VoxPrompt what OHIF's active viewport shows, and takes up the segmentation that is active there: one that was loaded
 * from the archive, or the one of this series from before. `catchUp` does so at once: what a reader asks for is meant for what is
 * on the screen, also before OHIF's events have been followed.
 */
export function followViewer(
  services: OhifServices,
  embedded: EmbeddedHost,
): { readonly catchUp: () => void; readonly stop: () => void } {
  const { viewportGridService, cornerstoneViewportService, segmentationService } = services;
  const mine = new Map<string, { readonly held: HeldSegmentation; readonly labelmap: Labelmap }>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look(): void {
    const viewportId = viewportGridService.getActiveViewportId();
    const viewport = viewportId === null ? undefined : cornerstoneViewportService.getCornerstoneViewport(viewportId);
    const imageIds = viewport?.getImageIds?.() ?? [];
    if (viewportId === null || imageIds.length === 0) return;
    const before = embedded.host.viewer.openSeries.getState();
    if (before === undefined || !sameImages(before.imageIds, imageIds)) {
      remember();
      const opened = embedded.open(imageIds);
      if (!opened.ok) {
        embedded.close();
        return;
      }
    }
    adopt(viewportId);
  }

  function remember(): void {
    const open = embedded.host.viewer.openSeries.getState();
    const held = embedded.held();
    const { labelmap } = embedded.labelmap.state.getState().journal;
    if (open !== undefined && held !== undefined) mine.set(open.series.seriesInstanceUID, { held, labelmap });
  }

  function adopt(viewportId: string): void {
    const open = embedded.host.viewer.openSeries.getState();
    if (open === undefined) return;
    const active = segmentationService.getActiveSegmentation(viewportId)?.segmentationId;
    const held = embedded.held();
    if (active === undefined ? held !== undefined : active === held?.segmentationId) return;
    const before = mine.get(open.series.seriesInstanceUID);
    const wanted = active ?? before?.held.segmentationId;
    const found = wanted === undefined ? undefined : labelImages(wanted, open);
    // A lesion in progress stays with the segmentation that it was begun on.
    if (found === undefined || embedded.labelmap.state.getState().preview !== undefined) return;
    if (before?.held.segmentationId === wanted) embedded.adopt(found, before?.labelmap);
    else embedded.adopt(found);
  }

  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(look, LOOK_AGAIN_MS);
  };
  const { ACTIVE_VIEWPORT_ID_CHANGED, GRID_STATE_CHANGED, VIEWPORTS_READY } = viewportGridService.EVENTS;
  const subscriptions = [
    ...[ACTIVE_VIEWPORT_ID_CHANGED, GRID_STATE_CHANGED, VIEWPORTS_READY].map((event) =>
      viewportGridService.subscribe(event!, later),
    ),
    cornerstoneViewportService.subscribe(cornerstoneViewportService.EVENTS.VIEWPORT_DATA_CHANGED!, later),
    segmentationService.subscribe(segmentationService.EVENTS.SEGMENTATION_REPRESENTATION_MODIFIED!, later),
  ];
  later();
  return {
    catchUp: look,
    stop() {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

const sameImages = (ours: readonly string[], theirs: readonly string[]): boolean =>
  ours.length === theirs.length && new Set(ours).has(theirs[0]!);
