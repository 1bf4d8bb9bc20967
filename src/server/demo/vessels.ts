import { type Canvas, paint } from './canvas.ts';
import { Tissue } from './grid.ts';
import { noise3, rough } from './noise.ts';
import { type Tube, tube, tubeBounds } from './shapes.ts';

interface Vessel extends Tube {
  readonly hu: number;
}

/** Portal-venous phase: veins nearly as bright as arteries. */
const VESSELS: readonly Vessel[] = [
  {
    hu: 172,
    points: [
      [13, 8, -10, 9.5],
      [11, 9, 60, 10.5],
      [10, 12, 110, 11],
      [14, 22, 150, 11.5],
      [18, 30, 190, 12],
    ],
  },
  {
    hu: 150,
    points: [
      [-21, 10, -10, 11.5],
      [-22, 10, 60, 12],
      [-22, 14, 110, 12.5],
      [-20, 16, 150, 13],
      [-12, 0, 182, 12],
    ],
  },
  {
    hu: 172,
    points: [
      [10, 2, 92, 4],
      [9, -14, 88, 3.6],
      [6, -20, 66, 3.6],
      [2, -24, 20, 3],
      [0, -26, -10, 2.6],
    ],
  },
  {
    hu: 158,
    points: [
      [-8, 8, 70, 6.5],
      [-6, -16, 64, 5.6],
      [-8, -24, 40, 5],
      [-6, -28, -10, 4],
    ],
  },
  {
    hu: 158,
    points: [
      [-6, 0, 78, 6],
      [20, -6, 88, 4.6],
      [52, 12, 104, 4],
      [74, 22, 110, 3],
    ],
  },
  {
    hu: 172,
    points: [
      [10, 0, 100, 3.6],
      [4, -12, 102, 3],
      [-16, -14, 98, 2.2],
      [-34, -12, 96, 1.8],
    ],
  },
  {
    hu: 168,
    points: [
      [-18, 12, 58, 3.2],
      [-34, 26, 54, 3.8],
      [-52, 38, 50, 4],
    ],
  },
  {
    hu: 168,
    points: [
      [-14, 2, 66, 3.6],
      [12, -2, 66, 3.4],
      [34, 18, 62, 3.8],
      [52, 36, 58, 4],
    ],
  },
  {
    hu: 170,
    points: [
      [14, 12, 56, 2.4],
      [34, 24, 56, 2.4],
      [50, 34, 56, 2.2],
    ],
  },
];

/** Oesophagus: a collapsed tube of muscle in front of the aorta. */
const OESOPHAGUS: Tube = {
  points: [
    [34, -24, 128, 9],
    [20, 2, 146, 8],
    [10, 10, 165, 8],
    [8, 12, 190, 8],
  ],
};

export function paintVessels(canvas: Canvas): void {
  const { z } = canvas;
  const over = [Tissue.cavity, Tissue.muscle, Tissue.gland, Tissue.liver, Tissue.lung, Tissue.fat];
  const wall = (x: number, y: number): number => rough(tube(x, y, z, OESOPHAGUS), 0.8, 7, 110, x, y, z);
  const gullet = tubeBounds(OESOPHAGUS, z, 3);
  if (gullet !== undefined) paint(canvas, { bounds: gullet, shape: wall, hu: 62, tissue: Tissue.stomach, over });
  for (const vessel of VESSELS) {
    const reach = tubeBounds(vessel, z, 3);
    if (reach === undefined) continue;
    const shape = (x: number, y: number): number => rough(tube(x, y, z, vessel), 0.4, 8, 111, x, y, z);
    paint(canvas, { bounds: reach, shape: (x, y) => shape(x, y) - 1, hu: 55, tissue: Tissue.vessel, over });
    paint(canvas, { bounds: reach, shape, hu: vessel.hu, tissue: Tissue.vessel });
  }
  // Calcified plaques in the wall of the aorta.
  const aorta = VESSELS[0]!;
  const plaque = (x: number, y: number): number =>
    Math.max(Math.abs(tube(x, y, z, aorta)) - 0.9, 0.52 - noise3(x / 6, y / 6, z / 7, 112));
  paint(canvas, {
    bounds: [-8, 34, -8, 46],
    shape: plaque,
    hu: 640,
    tissue: Tissue.bone,
    over: [Tissue.vessel],
    edge: 0.9,
  });
}
