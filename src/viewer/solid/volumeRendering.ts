import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray.js';
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData.js';
import vtkPiecewiseFunction from '@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js';
import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js';
import vtkVolume from '@kitware/vtk.js/Rendering/Core/Volume.js';
import vtkVolumeMapper from '@kitware/vtk.js/Rendering/Core/VolumeMapper.js';
import type { VoxelGrid } from '#core/geometry/voxelGrid.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import { loadedValues } from '../series/valueAt.ts';
import { percentileWindow } from '../window/autoWindow.ts';
import { inPieces } from './inPieces.ts';
import { type ReducedVolume, reduceInPieces } from './reducedVolume.ts';

type Point = readonly [value: number, ...components: readonly number[]];

/** What a value looks like: red, green, blue and opacity, each 0..1, over values. */
interface Transfer {
  readonly range: { readonly lower: number; readonly upper: number };
  readonly colors: readonly Point[];
  readonly opacities: readonly Point[];
}

/** Bone, and vessels with contrast; soft tissue is left out, so that what lies in it can be seen. */
const CT: Transfer = {
  range: { lower: -1000, upper: 1500 },
  colors: [
    [-1000, 0.3, 0.15, 0.1],
    [150, 0.75, 0.42, 0.32],
    [350, 0.95, 0.8, 0.66],
    [900, 1, 0.97, 0.92],
  ],
  opacities: [
    [-1000, 0],
    [130, 0],
    [250, 0.06],
    [500, 0.4],
    [1200, 0.8],
  ],
};

/** Modalities without a scale of their own: the brighter half of the values, lightly. */
const relative = ({ lower, upper }: Pick<IntensityWindow, 'lower' | 'upper'>): Transfer => {
  const at = (share: number): number => lower + share * (upper - lower);
  return {
    range: { lower, upper },
    colors: [
      [lower, 0, 0, 0],
      [upper, 1, 1, 1],
    ],
    opacities: [
      [at(0), 0],
      [at(0.3), 0],
      [at(0.6), 0.04],
      [at(1), 0.25],
    ],
  };
};

function transferFor(slices: OpenSlices): Transfer {
  if (slices.series.modality === 'CT') return CT;
  const step = Math.max(1, Math.floor(slices.imageIds.length / 8));
  const some = slices.imageIds.flatMap((_, k) => {
    const values = k % step === 0 ? loadedValues(slices, k) : undefined;
    return values === undefined ? [] : [values];
  });
  return relative(percentileWindow(some) ?? { lower: 0, upper: 1 });
}

/** The open series as a whole, as an actor of its own. */
export interface VolumeActor {
  readonly actor: vtkVolume;
  dispose(): void;
}

/**
 * Draws a small copy of the open series. It stays out of Cornerstone's cache, and is added to the viewport in one go: a viewport
 * that is closed in the middle of Cornerstone's own way of adding a volume fails.
 */
export async function volumeActorOf(slices: OpenSlices, grid: VoxelGrid, signal: AbortSignal): Promise<VolumeActor> {
  const transfer = transferFor(slices);
  const reduced = await inPieces(
    reduceInPieces((k) => loadedValues(slices, k), grid, transfer.range),
    signal,
  );
  const data = imageDataOf(reduced);
  const mapper = vtkVolumeMapper.newInstance();
  mapper.setInputData(data);
  const step = (reduced.grid.spacing[0] + reduced.grid.spacing[1] + reduced.grid.spacing[2]) / 3;
  mapper.setSampleDistance(step);
  const actor = vtkVolume.newInstance();
  actor.setMapper(mapper);
  applyTransfer(actor, transfer, step);
  return {
    actor,
    dispose: () => {
      for (const object of [actor, mapper, data]) object.delete();
    },
  };
}

function imageDataOf({ values, grid }: ReducedVolume): vtkImageData {
  const data = vtkImageData.newInstance();
  data.setDimensions([grid.columns, grid.rows, grid.slices]);
  data.setSpacing([...grid.spacing]);
  data.setOrigin([grid.origin[0], grid.origin[1], grid.origin[2]]);
  data.setDirection(Float32Array.from(grid.directions.flat()) as never);
  data.getPointData().setScalars(vtkDataArray.newInstance({ name: 'Values', numberOfComponents: 1, values }));
  return data;
}

function applyTransfer(actor: vtkVolume, { range, colors, opacities }: Transfer, step: number): void {
  const byte = (value: number): number => ((value - range.lower) / (range.upper - range.lower)) * 255;
  const color = vtkColorTransferFunction.newInstance();
  for (const [value, r = 0, g = 0, b = 0] of colors) color.addRGBPoint(byte(value), r, g, b);
  const opacity = vtkPiecewiseFunction.newInstance();
  for (const [value, alpha = 0] of opacities) opacity.addPoint(byte(value), alpha);
  const property = actor.getProperty();
  property.setRGBTransferFunction(0, color);
  property.setScalarOpacity(0, opacity);
  property.setScalarOpacityUnitDistance(0, step);
  property.setInterpolationTypeToLinear();
  property.setShade(true);
  property.setAmbient(0.45);
  property.setDiffuse(0.7);
  property.setSpecular(0.1);
}
