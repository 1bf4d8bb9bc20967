import { type ModelPoint, modelPoint, type SliceBox, type SlicePoint, slicePoint } from '#core/geometry/coordinates.ts';
import { boxCentre, boxExtent } from '../prompt/sliceBox.ts';

/**
 * A square of a slice, in pixels of that slice. Where pixels are not square the region is not square in millimetres: the
 * recipe was measured in pixels, and the model sees the pixel matrix as it was trained on it.
 */
export interface RegionOfInterest {
  readonly centre: SlicePoint;
  /** px; may reach beyond the image. */
  readonly side: number;
}

/** The region that the encoder sees, and the size of its input. One frame serves all slices of a propagation. */
export interface ModelFrame {
  readonly region: RegionOfInterest;
  /** Width and height of the encoder input, px. */
  readonly size: number;
}

/** A square centred on the box, `factor` times its longer side. */
export function regionAround(box: SliceBox, factor: number): RegionOfInterest {
  const { width, height } = boxExtent(box);
  return { centre: boxCentre(box), side: factor * Math.max(width, height) };
}

/** Slice px to encoder px, by the pixel-centre rule: the outer edges of the two squares coincide. */
export function sliceToModel({ region, size }: ModelFrame, [x, y]: SlicePoint): ModelPoint {
  const scale = size / region.side;
  return modelPoint((x - region.centre[0]) * scale + size / 2 - 0.5, (y - region.centre[1]) * scale + size / 2 - 0.5);
}

/** The inverse of {@link sliceToModel}. */
export function modelToSlice({ region, size }: ModelFrame, [x, y]: ModelPoint): SlicePoint {
  const scale = region.side / size;
  return slicePoint((x + 0.5 - size / 2) * scale + region.centre[0], (y + 0.5 - size / 2) * scale + region.centre[1]);
}
