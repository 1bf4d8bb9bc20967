import type { SliceBox } from '#core/geometry/coordinates.ts';
import { boxCentre, boxExtent } from '../prompt/sliceBox.ts';
import type { SliceGeometry } from '../propagation/knowledge.ts';

/** How a volume model lays its grid over a lesion; the `region` of its manifest has this shape. */
export interface RegionRecipe {
  /** Samples along the stack normal. */
  readonly depth: number;
  /** Cells along each side of the square in plane. */
  readonly size: number;
  /** The sample that is the key slice. */
  readonly keySample: number;
  /** Side of the square, in units of the longer box side. */
  readonly sidePerLongerBoxSide: number;
  /** Reach along the normal to either side, in half box sizes. */
  readonly halfDepthPerHalfBox: number;
}

/**
 * A grid normalised by the key box: `size` x `size` cells over a square centred on the box, sampled at cell centres; along the
 * normal sample j lies (j - keySample) * stepZ from the key slice. Index order is [sample j, row r, column c]. All mm.
 * The definition is models/voxprompt-volume/train/region.py.
 */
export interface VolumeRegion {
  readonly depth: number;
  readonly size: number;
  readonly keySample: number;
  /** Centre of the key box, mm from the centre of pixel (0, 0) along the columns' and the rows' index. */
  readonly x: number;
  readonly y: number;
  /** Position of the key slice along the normal. */
  readonly z: number;
  /** Width and height of the key box. */
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly stepZ: number;
}

/** How much larger than the recipe says, in plane and along the normal. */
export interface Zoom {
  readonly inPlane: number;
  readonly along: number;
}

export const NO_ZOOM: Zoom = { inPlane: 1, along: 1 };

/** The region of a key box on slice k. A box over one pixel has the extent of that pixel. */
export function regionOf(
  key: { readonly k: number; readonly box: SliceBox },
  { positions, columnSpacing, rowSpacing }: SliceGeometry,
  { depth, size, keySample, sidePerLongerBoxSide, halfDepthPerHalfBox }: RegionRecipe,
  zoom: Zoom = NO_ZOOM,
): VolumeRegion {
  const extent = boxExtent(key.box);
  const [x, y] = boxCentre(key.box);
  const width = extent.width * columnSpacing;
  const height = extent.height * rowSpacing;
  return {
    depth,
    size,
    keySample,
    x: x * columnSpacing,
    y: y * rowSpacing,
    z: positions[key.k]!,
    width,
    height,
    step: (sidePerLongerBoxSide * zoom.inPlane * Math.max(width, height)) / size,
    stepZ: (2 * halfDepthPerHalfBox * zoom.along * halfBox({ width, height })) / depth,
  };
}

/** Half the geometric mean of the box's sides, mm: the unit of everything along the normal. */
export const halfBox = ({ width, height }: Pick<VolumeRegion, 'width' | 'height'>): number =>
  Math.sqrt(width * height) / 2;

/** Distance of a cell's centre from that of the key box, mm. */
export const tick = ({ size, step }: VolumeRegion, cell: number): number => (cell + 0.5 - size / 2) * step;

/** Distance of a sample from the key slice, mm. */
export const sampleOffset = ({ keySample, stepZ }: VolumeRegion, sample: number): number =>
  (sample - keySample) * stepZ;

/** Sample coordinate (0 is the centre of the first sample) of a position along the normal. */
export const sampleAt = ({ z, stepZ, keySample }: VolumeRegion, position: number): number =>
  (position - z) / stepZ + keySample;

/** 1 inside the ellipse inscribed in the key box scaled by `share`, row-major size x size. */
export function keyEllipse(region: VolumeRegion, share: number): Uint8Array {
  const { size, width, height } = region;
  const out = new Uint8Array(size * size);
  for (let r = 0; r < size; r += 1) {
    const down = (tick(region, r) / ((height / 2) * share)) ** 2;
    for (let c = 0; c < size; c += 1) {
      if ((tick(region, c) / ((width / 2) * share)) ** 2 + down <= 1) out[r * size + c] = 1;
    }
  }
  return out;
}
