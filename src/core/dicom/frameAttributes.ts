import { patientPoint, type Vector3 } from '../geometry/coordinates.ts';
import type { ImagePlane } from '../geometry/imagePlane.ts';
import { DIRECTION_TOLERANCE } from '../geometry/tolerances.ts';
import { dot, length, normalize } from '../geometry/vector.ts';
import { IDENTITY_LUT, type ModalityLut } from '../pixels/modalityLut.ts';
import { type DicomDataset, items, number, numbers, text } from './dataset.ts';
import { Tag } from './tags.ts';

/**
 * The item that holds a macro's attributes for one frame: the frame's own functional group, else the shared one (PS3.3
 * C.7.6.16), else the data set itself for single-frame objects.
 * @param frameIndex 0-based
 */
export function functionalGroup(dataset: DicomDataset, frameIndex: number, macro: string): DicomDataset {
  const perFrame = items(dataset, Tag.PerFrameFunctionalGroupsSequence)[frameIndex];
  const shared = items(dataset, Tag.SharedFunctionalGroupsSequence)[0];
  return (perFrame && items(perFrame, macro)[0]) ?? (shared && items(shared, macro)[0]) ?? dataset;
}

/** The image plane of one frame; undefined where position, orientation or spacing is absent or not usable. */
export function planeOfFrame(dataset: DicomDataset, frameIndex: number): ImagePlane | undefined {
  const position = numbers(functionalGroup(dataset, frameIndex, Tag.PlanePositionSequence), Tag.ImagePositionPatient);
  const orientation = numbers(
    functionalGroup(dataset, frameIndex, Tag.PlaneOrientationSequence),
    Tag.ImageOrientationPatient,
  );
  const spacing = numbers(functionalGroup(dataset, frameIndex, Tag.PixelMeasuresSequence), Tag.PixelSpacing);
  const rows = number(dataset, Tag.Rows);
  const columns = number(dataset, Tag.Columns);
  if (position?.length !== 3 || orientation?.length !== 6 || spacing?.length !== 2 || !rows || !columns)
    return undefined;
  const [rowSpacing, columnSpacing] = spacing as [number, number];
  if (!(rowSpacing > 0) || !(columnSpacing > 0)) return undefined;
  const rowDirection = orientation.slice(0, 3) as unknown as Vector3;
  const columnDirection = orientation.slice(3) as unknown as Vector3;
  if (!isOrthonormal(rowDirection, columnDirection)) return undefined;
  return {
    rows,
    columns,
    rowSpacing,
    columnSpacing,
    position: patientPoint(position[0]!, position[1]!, position[2]!),
    rowDirection: normalize(rowDirection),
    columnDirection: normalize(columnDirection),
  };
}

const isOrthonormal = (a: Vector3, b: Vector3): boolean =>
  Math.abs(length(a) - 1) < DIRECTION_TOLERANCE &&
  Math.abs(length(b) - 1) < DIRECTION_TOLERANCE &&
  Math.abs(dot(a, b)) < DIRECTION_TOLERANCE;

/** Modality LUT of one frame; identity where the object has no rescale. */
export function lutOfFrame(dataset: DicomDataset, frameIndex: number): ModalityLut {
  const group = functionalGroup(dataset, frameIndex, Tag.PixelValueTransformationSequence);
  const slope = number(group, Tag.RescaleSlope);
  const intercept = number(group, Tag.RescaleIntercept);
  if (slope === undefined || intercept === undefined || slope === 0) return IDENTITY_LUT;
  const units = text(group, Tag.RescaleType) ?? text(dataset, '00541001');
  return { slope, intercept, ...(units === undefined ? {} : { units }) };
}
