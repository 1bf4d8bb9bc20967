import { cache, utilities } from '@cornerstonejs/core';
import * as tools from '@cornerstonejs/tools';
import type { OpenSlices } from './openSlices.ts';

/** Takes the segmentations and all images out of Cornerstone, but for those of one series that stays open. */
export function releaseAllBut(kept: OpenSlices | undefined, released: readonly string[]): void {
  tools.segmentation.removeAllSegmentationRepresentations();
  tools.segmentation.removeAllSegmentations();
  if (kept === undefined) {
    tools.annotation.state.removeAllAnnotations();
    cache.purgeCache();
  } else {
    const stays = new Set(kept.imageIds);
    removeAnnotations((imageId) => !stays.has(imageId));
    cache.purgeVolumeCache();
    removeImages(released);
  }
  utilities.genericMetadataProvider.clear();
}

/** Takes the images of one series out of Cornerstone, and what was measured on them. */
export function releaseSeries({ imageIds }: OpenSlices): void {
  const own = new Set(imageIds);
  removeAnnotations((imageId) => own.has(imageId));
  removeImages(imageIds);
}

function removeAnnotations(goes: (imageId: string) => boolean): void {
  for (const { annotationUID, metadata } of tools.annotation.state.getAllAnnotations()) {
    if (annotationUID !== undefined && goes(metadata?.referencedImageId ?? '')) {
      tools.annotation.state.removeAnnotation(annotationUID);
    }
  }
}

/** Those that are there: a slice may not have come yet. */
function removeImages(imageIds: readonly string[]): void {
  for (const imageId of imageIds) {
    if (cache.getImageLoadObject(imageId) !== undefined) cache.removeImageLoadObject(imageId, { force: true });
  }
}
