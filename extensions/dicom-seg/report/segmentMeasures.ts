import { functionalGroup } from '#core/dicom/frameAttributes.ts';
import type { ImageSeries, SliceFrame } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import { type Labelmap, voxelsOf } from '#core/labelmap/labelmap.ts';
import { longestDiameter } from '#core/labelmap/measureDiameter.ts';
import type { IntensityStatistics } from '#core/labelmap/measureIntensity.ts';
import { segmentVolume } from '#core/labelmap/measureVolume.ts';
import type { Code } from '#core/terminology/code.ts';
import { SrCode, Unit } from './srCodes.ts';

/** What is reported of one segment; absent where it cannot be measured. */
export interface SegmentMeasures {
  readonly volumeMm3?: number;
  /** Longest diameter on a slice and the longest chord at right angles to it (RECIST 1.1), mm. */
  readonly longMm?: number;
  readonly shortMm?: number;
  readonly intensity?: IntensityStatistics;
}

/** @param intensity statistics of the values, where they have a unit that the report can name ({@link intensityConcept}) */
export function segmentMeasures(
  labelmap: Labelmap,
  segmentNumber: number,
  { stack }: ImageSeries,
  intensity: IntensityStatistics | undefined,
): SegmentMeasures {
  const voxels = voxelsOf(labelmap, segmentNumber);
  const volumeMm3 = segmentVolume(voxels, stack);
  const diameter = stack.use === 'view' ? undefined : longestDiameter(voxels, stack.planes);
  return {
    ...(volumeMm3 === undefined ? {} : { volumeMm3 }),
    ...(diameter === undefined ? {} : { longMm: diameter.longMm, shortMm: diameter.shortMm }),
    ...(intensity === undefined ? {} : { intensity }),
  };
}

/**
 * What the values of a series are, with their unit and what modality values are multiplied by: Hounsfield units on CT, SUV by body
 * weight on PET that is stored as such or has all that it takes. Undefined for values that have no unit (MR), another one or several.
 */
export function intensityConcept(
  series: ImageSeries,
): { readonly concept: Code; readonly unit: Code; readonly factor: number } | undefined {
  const { modality, frames } = series;
  const hounsfield = frames.every((frame) => isRescaled(frame) && (frame.lut.units ?? 'HU') === 'HU');
  if (modality === 'CT' && hounsfield) return { concept: SrCode.attenuation, unit: Unit.hounsfield, factor: 1 };
  const { units, factor } = valueScaleOf(series);
  return units === 'SUVbw' ? { concept: SrCode.suvBodyWeight, unit: Unit.suvBodyWeight, factor } : undefined;
}

/** Values of a CT without a rescale are none of Hounsfield's. */
const isRescaled = ({ dataset, frameNumber = 1 }: SliceFrame): boolean =>
  functionalGroup(dataset, frameNumber - 1, Tag.PixelValueTransformationSequence)[Tag.RescaleSlope] !== undefined;
