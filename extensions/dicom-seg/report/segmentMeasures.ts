import { text } from '#core/dicom/dataset.ts';
import { functionalGroup } from '#core/dicom/frameAttributes.ts';
import type { ImageSeries, SliceFrame } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
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

/** @param intensity statistics of the modality values, where they have a unit that the report can name ({@link intensityConcept}) */
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
 * What the modality values of a series are, with their unit: Hounsfield units on CT, SUV on PET that is stored as such. Undefined for
 * values that have no unit (MR), another one (Bq/ml) or several.
 */
export function intensityConcept({ modality, frames }: ImageSeries): { concept: Code; unit: Code } | undefined {
  const units = new Set(frames.map(({ lut }) => lut.units));
  if (
    modality === 'CT' &&
    frames.every(isRescaled) &&
    [...units].every((unit) => unit === undefined || unit === 'HU')
  ) {
    return { concept: SrCode.attenuation, unit: Unit.hounsfield };
  }
  const bodyWeight = frames.every(({ dataset }) => (text(dataset, SUV_TYPE) ?? 'BW') === 'BW');
  if (modality === 'PT' && bodyWeight && units.size === 1 && (units.has('GML') || units.has('SUVbw'))) {
    return { concept: SrCode.suvBodyWeight, unit: Unit.suvBodyWeight };
  }
  return undefined;
}

/** Values of a CT without a rescale are none of Hounsfield's. */
const isRescaled = ({ dataset, frameNumber = 1 }: SliceFrame): boolean =>
  functionalGroup(dataset, frameNumber - 1, Tag.PixelValueTransformationSequence)[Tag.RescaleSlope] !== undefined;

/** SUV Type (0054,1006): body weight where absent. */
const SUV_TYPE = '00541006';
