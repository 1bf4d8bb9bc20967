import { imageLoader } from '@cornerstonejs/core';
import { Enums, segmentation } from '@cornerstonejs/tools';
import type { Segment } from '#core/labelmap/segment.ts';
import type { HeldSegmentation, SegmentationHome } from './segmentationHome.ts';

const { Labelmap } = Enums.SegmentationRepresentations;

/** Keeps the labelmap in Cornerstone's own segmentation state, where every tool of the host finds it. */
export function cornerstoneHome(segmentationId: string, imageIds: () => readonly string[]): SegmentationHome {
  let made: HeldSegmentation | undefined;
  const adding = new Map<string, Promise<void>>();
  return {
    async hold(segments) {
      if (made !== undefined) return made;
      const labels = imageLoader.createAndCacheDerivedLabelmapImages([...imageIds()]);
      made = { segmentationId, imageIds: labels.map(({ imageId }) => imageId) };
      segmentation.addSegmentations([
        {
          segmentationId,
          representation: { type: Labelmap, data: { imageIds: [...made.imageIds] } },
          config: { label: 'VoxPrompt', segments: describedSegments(segments) },
        },
      ]);
      return made;
    },
    describe(held, segments) {
      segmentation.updateSegmentations([
        { segmentationId: held.segmentationId, payload: { segments: fullSegments(segments) } },
      ]);
    },
    show(held, viewportIds, segments) {
      for (const viewportId of viewportIds) {
        // One after the other: two that both find nothing would add it twice. One that failed stops no later one.
        const before = (adding.get(viewportId) ?? Promise.resolve()).catch(() => undefined);
        const next = before.then(() => showIn(viewportId, held.segmentationId, segments));
        adding.set(viewportId, next);
      }
    },
    leave() {
      if (made === undefined) return;
      segmentation.removeSegmentation(segmentationId);
      made = undefined;
      adding.clear();
    },
  };
}

async function showIn(viewportId: string, segmentationId: string, segments: readonly Segment[]): Promise<void> {
  if (segmentation.state.getSegmentation(segmentationId) === undefined) return;
  const present = segmentation.state.getSegmentationRepresentations(viewportId, { segmentationId, type: Labelmap });
  if (present.length === 0) {
    await segmentation.addLabelmapRepresentationToViewport(viewportId, [{ segmentationId }]);
  }
  for (const { number, color, visible } of segments) {
    const [r, g, b] = color;
    segmentation.config.color.setSegmentIndexColor(viewportId, segmentationId, number, [r, g, b, 255]);
    segmentation.config.visibility.setSegmentIndexVisibility(
      viewportId,
      { segmentationId, type: Labelmap },
      number,
      visible,
    );
  }
}

const describedSegments = (segments: readonly Segment[]) =>
  Object.fromEntries(
    segments.map(({ number, label, locked }) => [number, { segmentIndex: number, label, locked, active: false }]),
  );

const fullSegments = (segments: readonly Segment[]) =>
  Object.fromEntries(
    segments.map(({ number, label, locked }) => [
      number,
      { segmentIndex: number, label, locked, active: false, cachedStats: {} },
    ]),
  );
