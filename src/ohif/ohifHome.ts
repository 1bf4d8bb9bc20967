import { cache } from '@cornerstonejs/core';
import { segmentation } from '@cornerstonejs/tools';
import type { OpenSeries } from '#extension-api';
import type { HeldSegmentation, SegmentationHome } from '../embed/labelmap/segmentationHome.ts';
import type { DisplaySet, OhifServices } from './ohif.ts';

/** Keeps the labelmap in OHIF's segmentation service: its panel lists it, its tools edit it, its data source can store it. */
export function ohifHome(services: OhifServices, openSeries: () => OpenSeries | undefined): SegmentationHome {
  const { segmentationService, displaySetService } = services;
  const shownColors = new Map<string, string>();
  const adding = new Map<string, Promise<void>>();

  const displaySetOf = ({ series }: OpenSeries): DisplaySet | undefined =>
    displaySetService
      .getActiveDisplaySets()
      .find(
        ({ SeriesInstanceUID, imageIds }) => SeriesInstanceUID === series.seriesInstanceUID && imageIds !== undefined,
      );

  return {
    async hold(segments) {
      const open = openSeries();
      const displaySet = open && displaySetOf(open);
      if (open === undefined || displaySet === undefined) throw new Error('OHIF shows no display set of the series');
      const segmentationId = await segmentationService.createLabelmapForDisplaySet(displaySet, {
        label: 'VoxPrompt',
        segments: Object.fromEntries(segments.map(({ number, label }) => [number, { label, active: true }])),
      });
      const held = labelImages(segmentationId, open);
      if (held === undefined) throw new Error('OHIF made a segmentation of another shape');
      return held;
    },
    describe({ segmentationId }, segments) {
      const known = segmentationService.getSegmentation(segmentationId)?.segments ?? {};
      for (const { number, label } of segments) {
        const present = known[number];
        if (present === undefined) segmentationService.addSegment(segmentationId, { segmentIndex: number, label });
        else if (present.label !== label) segmentationService.setSegmentLabel(segmentationId, number, label);
      }
    },
    show({ segmentationId }, viewportIds, segments) {
      for (const viewportId of viewportIds) {
        // One after the other: two that both find nothing would add it twice. One that failed stops no later one.
        const before = (adding.get(viewportId) ?? Promise.resolve()).catch(() => undefined);
        const shown = before
          .then(() => showIn(viewportId, segmentationId))
          .then(() => {
            for (const { number, color, visible } of segments) {
              const key = `${viewportId} ${segmentationId} ${number}`;
              const look = `${color.join()} ${visible}`;
              // OHIF redraws on each call, and the reader may have chosen another colour there since.
              if (shownColors.get(key) === look) continue;
              shownColors.set(key, look);
              segmentationService.setSegmentColor(viewportId, segmentationId, number, [...color, 255]);
              segmentationService.setSegmentVisibility(viewportId, segmentationId, number, visible);
            }
          });
        adding.set(viewportId, shown);
      }
    },
    segmentOf({ segmentationId }, number) {
      const label = segmentationService.getSegmentation(segmentationId)?.segments[number]?.label;
      return label === undefined ? {} : { label };
    },
    // It stays in OHIF: closing a series is not deleting its segmentation.
    leave: () => shownColors.clear(),
  };

  async function showIn(viewportId: string, segmentationId: string): Promise<void> {
    if (segmentationService.getSegmentationRepresentations(viewportId, { segmentationId }).length > 0) return;
    await segmentationService.addSegmentationRepresentation(viewportId, { segmentationId });
  }
}

/** The label images of a segmentation by k; undefined where it is not one label image for each slice of the series. */
export function labelImages(segmentationId: string, { imageIds }: OpenSeries): HeldSegmentation | undefined {
  const data = segmentation.state.getSegmentation(segmentationId)?.representationData.Labelmap;
  const labels = data !== undefined && 'imageIds' in data ? (data.imageIds ?? []) : [];
  const byImage = new Map(labels.map((id) => [cache.getImage(id)?.referencedImageId ?? '', id]));
  const ordered = imageIds.flatMap((imageId) => byImage.get(imageId) ?? []);
  return ordered.length === imageIds.length && labels.length === imageIds.length
    ? { segmentationId, imageIds: ordered }
    : undefined;
}
