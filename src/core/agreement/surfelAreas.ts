/** A corner of a cell, 0 or 1 along each axis. */
type Corner = readonly [x: 0 | 1, y: 0 | 1, z: 0 | 1];

/** A triangle of the surface in a cell: the area of its shadow along each axis, in eighths of that face of the cell. */
type Shadow = readonly [x: number, y: number, z: number];

/**
 * The marching-cubes cells with at most four corners inside, up to rotation and reflection, and the triangles between the
 * midpoints of their edges. These triangles (not their sum alone) are the definition: on anisotropic voxels a polygon that is
 * not flat has another area when it is cut another way.
 */
const CELLS: readonly (readonly [inside: readonly Corner[], triangles: readonly Shadow[]])[] = [
  [[[1, 1, 1]], [[1, 1, 1]]],
  [
    [
      [1, 1, 1],
      [1, 1, 0],
    ],
    [
      [2, 2, 0],
      [2, 2, 0],
    ],
  ],
  [
    [
      [1, 0, 1],
      [1, 1, 0],
    ],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
  ],
  [
    [
      [0, 1, 1],
      [1, 0, 0],
    ],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
  ],
  [
    [
      [1, 1, 1],
      [1, 1, 0],
      [1, 0, 1],
    ],
    [
      [4, 0, 0],
      [2, 2, 2],
      [1, 1, 1],
    ],
  ],
  [
    [
      [0, 1, 1],
      [1, 0, 1],
      [1, 1, 0],
    ],
    [
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ],
  ],
  [
    [
      [0, 1, 1],
      [1, 1, 1],
      [1, 0, 0],
    ],
    [
      [0, 2, 2],
      [0, 2, 2],
      [1, 1, 1],
    ],
  ],
  [
    [
      [1, 1, 1],
      [1, 1, 0],
      [1, 0, 1],
      [1, 0, 0],
    ],
    [
      [4, 0, 0],
      [4, 0, 0],
    ],
  ],
  [
    [
      [1, 1, 1],
      [0, 1, 1],
      [1, 0, 1],
      [1, 1, 0],
    ],
    [
      [1, 1, 1],
      [1, 1, 1],
      [2, 2, 2],
      [2, 2, 2],
    ],
  ],
  [
    [
      [0, 1, 1],
      [1, 1, 1],
      [1, 1, 0],
      [1, 0, 0],
    ],
    [
      [0, 2, 2],
      [1, 1, 1],
      [2, 0, 2],
      [3, 3, 3],
    ],
  ],
  [
    [
      [1, 0, 0],
      [1, 0, 1],
      [1, 1, 0],
      [0, 1, 1],
    ],
    [
      [1, 1, 1],
      [1, 1, 1],
      [2, 2, 2],
      [4, 0, 0],
    ],
  ],
  [
    [
      [0, 1, 0],
      [0, 1, 1],
      [1, 0, 0],
      [1, 0, 1],
    ],
    [
      [2, 2, 0],
      [2, 2, 0],
      [2, 2, 0],
      [2, 2, 0],
    ],
  ],
  [
    [
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
      [1, 1, 1],
    ],
    [
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ],
  ],
];

const AXES = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** Neighbour code of a cell whose corners are all inside. */
export const FULL_CELL = 255;

/** Bit of a corner in a neighbour code. */
export const cornerBit = (x: number, y: number, z: number): number => 1 << (x + 2 * y + 4 * z);

/**
 * Area of the surface inside a cell of 2x2x2 voxel centres, mm², by neighbour code (see {@link cornerBit}): the surface
 * elements of Nikolov et al., "Deep learning to achieve clinically applicable segmentation of head and neck anatomy"
 * (arXiv:1809.04430), as in DeepMind's `surface-distance`. 0 for cells that are empty or full.
 * @param spacing mm along x, y, z
 */
export function surfelAreas(spacing: readonly [number, number, number]): Float64Array {
  const face = [spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]] as const;
  const areas = new Float64Array(256);
  for (const [inside, triangles] of CELLS) {
    for (const axes of AXES) {
      const area = triangles.reduce(
        (sum, shadow) => sum + Math.hypot(...axes.map((axis, to) => (shadow[axis]! * face[to]!) / 8)),
        0,
      );
      for (let flips = 0; flips < 8; flips += 1) {
        const turned = (corner: Corner, to: 0 | 1 | 2): number => corner[axes[to]] ^ ((flips >> to) & 1);
        const code = inside.reduce(
          (bits, corner) => bits | cornerBit(turned(corner, 0), turned(corner, 1), turned(corner, 2)),
          0,
        );
        areas[code] = area;
        areas[FULL_CELL - code] = area;
      }
    }
  }
  return areas;
}
