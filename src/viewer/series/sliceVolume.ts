import { cache, ImageVolume, type Types } from '@cornerstonejs/core';
import type { VoxelGrid } from '#core/geometry/voxelGrid.ts';

/**
 * A volume over cached slice images, on core's grid: voxel (i, j, k) of the volume is pixel (i, j) of image k, and nothing is
 * copied. Cornerstone's own builder would sort the images and compute the spacing again, without checking either.
 * @param imageIds by k; all in the cache
 */
export function volumeOfImages(
  volumeId: string,
  imageIds: readonly string[],
  grid: VoxelGrid,
  dataType: Types.PixelDataTypedArrayString,
  metadata: Types.Metadata,
): ImageVolume {
  const volume = new ImageVolume({
    volumeId,
    dataType,
    metadata,
    dimensions: [grid.columns, grid.rows, grid.slices],
    spacing: [...grid.spacing],
    origin: [grid.origin[0], grid.origin[1], grid.origin[2]],
    direction: grid.directions.flat() as unknown as Types.Mat3,
    imageIds: [...imageIds],
    numberOfComponents: 1,
  });
  cache.putVolumeSync(volumeId, volume);
  volume.invalidate();
  return volume;
}
