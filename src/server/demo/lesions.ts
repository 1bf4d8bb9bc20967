import { around, type Canvas, paint } from './canvas.ts';
import { Tissue } from './grid.ts';
import { fractal, noise3 } from './noise.ts';
import { blend, ellipsoid, type Point } from './shapes.ts';

/** A lesion of the phantom: what it is, where, and how it looks. */
export interface PhantomLesion {
  readonly name: string;
  /** mm in the phantom's own frame (see grid.ts). */
  readonly centre: Point;
  readonly radii: Point;
  readonly angle: number;
  /** mm by which the surface goes in and out, and over what length. */
  readonly irregularity: readonly [depth: number, length: number];
  /** A second lobe: offset from the centre, and its share of the radii. */
  readonly lobe?: readonly [offset: Point, share: number];
  readonly hu: number;
  readonly texture: number;
  /** Attenuation and share of the radius of a necrotic centre. */
  readonly necrosis?: readonly [hu: number, share: number];
  /** Tissues that it replaces. */
  readonly within: readonly number[];
  readonly edge: number;
}

const LIVER = [Tissue.liver];
const SOFT = [Tissue.cavity, Tissue.muscle, Tissue.gland, Tissue.vessel, Tissue.bowel];

/** Lesions of several contrasts and shapes, from easy to hard. */
export const LESIONS: readonly PhantomLesion[] = [
  {
    name: 'Hypodense metastasis, right lobe',
    centre: [-98, 14, 116],
    radii: [19, 16, 17],
    angle: 0.6,
    irregularity: [3.6, 11],
    lobe: [[12, -11, 5], 0.6],
    hu: 64,
    texture: 7,
    necrosis: [38, 0.5],
    within: LIVER,
    edge: 3,
  },
  {
    name: 'Hypodense metastasis, segment IV',
    centre: [-28, -44, 129],
    radii: [10, 8, 9],
    angle: -0.4,
    irregularity: [2, 7],
    hu: 70,
    texture: 5,
    within: LIVER,
    edge: 2.6,
  },
  {
    name: 'Hypervascular lesion, right lobe',
    centre: [-104, 30, 84],
    radii: [13, 11, 12],
    angle: 0.2,
    irregularity: [2.4, 8],
    lobe: [[-5, -8, 3], 0.7],
    hu: 154,
    texture: 8,
    within: LIVER,
    edge: 2.4,
  },
  {
    name: 'Nearly isodense lesion, right lobe',
    centre: [-104, -30, 92],
    radii: [17, 14, 15],
    angle: 0.9,
    irregularity: [3.2, 10],
    hu: 92,
    texture: 6,
    within: LIVER,
    edge: 3.4,
  },
  {
    name: 'Lung nodule, right base',
    centre: [-92, 62, 141],
    radii: [8, 7, 8],
    angle: 0,
    irregularity: [2.6, 4],
    hu: 42,
    texture: 8,
    within: [Tissue.lung],
    edge: 2,
  },
  {
    name: 'Left adrenal mass',
    centre: [38, 32, 106],
    radii: [15, 19, 17],
    angle: 0.5,
    irregularity: [2.6, 11],
    lobe: [[5, 12, -9], 0.65],
    hu: 66,
    texture: 10,
    necrosis: [26, 0.42],
    within: SOFT,
    edge: 1.8,
  },
  {
    name: 'Lytic bone metastasis, vertebral body',
    centre: [9, 36, 66],
    radii: [9, 8, 8],
    angle: 0.3,
    irregularity: [2, 6],
    hu: 68,
    texture: 8,
    within: [Tissue.bone],
    edge: 2,
  },
  {
    name: 'Lymph node conglomerate, left para-aortic',
    centre: [31, 14, 36],
    radii: [10, 12, 16],
    angle: -0.3,
    irregularity: [2.6, 8],
    lobe: [[-4, -14, 10], 0.7],
    hu: 82,
    texture: 7,
    within: SOFT,
    edge: 1.8,
  },
];

function lesionShape(x: number, y: number, z: number, lesion: PhantomLesion, seed: number): number {
  const { centre, radii, angle, lobe, irregularity } = lesion;
  let distance = ellipsoid(x, y, z, centre, radii, angle);
  if (lobe !== undefined) {
    const [offset, share] = lobe;
    const other: Point = [centre[0] + offset[0], centre[1] + offset[1], centre[2] + offset[2]];
    const size: Point = [radii[0] * share, radii[1] * share, radii[2] * share];
    distance = blend(distance, ellipsoid(x, y, z, other, size, angle), 4);
  }
  const [depth, length] = irregularity;
  return distance + depth * fractal(x, y, z, length, seed);
}

/** Paints lesion n as tissue `firstLesion + n`: that is the truth. */
export function paintLesions(canvas: Canvas): void {
  const { z } = canvas;
  LESIONS.forEach((lesion, index) => {
    const { centre, radii, hu, texture, necrosis, within, edge } = lesion;
    const reach = 2 * Math.max(...radii) + 8;
    if (Math.abs(z - centre[2]) > reach) return;
    const seed = 200 + 10 * index;
    const shape = (x: number, y: number): number => lesionShape(x, y, z, lesion, seed);
    const inner = Math.min(...radii);
    const value = (x: number, y: number): number => {
      const solid = hu + texture * fractal(x, y, z, 5, seed + 3);
      if (necrosis === undefined) return solid;
      const core = Math.min(
        1,
        Math.max(0, (-shape(x, y) / inner - (1 - necrosis[1]) + 0.2 * noise3(x / 6, y / 6, z / 6, seed + 5)) * 4),
      );
      return solid + (necrosis[0] - solid) * core;
    };
    const tissue = Tissue.firstLesion + index;
    paint(canvas, {
      bounds: around(centre[0], centre[1], reach),
      shape,
      hu: value,
      tissue,
      over: [...within, tissue],
      edge,
    });
  });
}
