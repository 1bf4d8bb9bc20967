import { type PatientPoint, type SlicePoint, slicePoint, type Vector3 } from './coordinates.ts';
import { cross, displacement, dot, moved } from './vector.ts';

/** The plane of one slice in patient space (PS3.3 C.7.6.2 Image Plane). */
export interface ImagePlane {
  readonly rows: number;
  readonly columns: number;
  /** mm between neighbouring rows: PixelSpacing[0]. */
  readonly rowSpacing: number;
  /** mm between neighbouring columns: PixelSpacing[1]. */
  readonly columnSpacing: number;
  /** Centre of pixel (0, 0): ImagePositionPatient. */
  readonly position: PatientPoint;
  /** Direction of increasing column index: first three of ImageOrientationPatient, unit length. */
  readonly rowDirection: Vector3;
  /** Direction of increasing row index: last three of ImageOrientationPatient, unit length. */
  readonly columnDirection: Vector3;
}

/** Unit normal: rowDirection x columnDirection; slice index k grows along it. */
export const planeNormal = (plane: ImagePlane): Vector3 => cross(plane.rowDirection, plane.columnDirection);

/** Patient position of a slice point (equation C.7.6.2.1-1). */
export const sliceToPatient = (plane: ImagePlane, point: SlicePoint): PatientPoint =>
  moved(
    plane.position,
    [plane.rowDirection, point[0] * plane.columnSpacing],
    [plane.columnDirection, point[1] * plane.rowSpacing],
  );

/** Orthogonal projection of a patient point on the slice, px. Distance from the plane is {@link distanceToPlane}. */
export function patientToSlice(plane: ImagePlane, point: PatientPoint): SlicePoint {
  const offset = displacement(plane.position, point);
  return slicePoint(
    dot(offset, plane.rowDirection) / plane.columnSpacing,
    dot(offset, plane.columnDirection) / plane.rowSpacing,
  );
}

/** Signed distance of a patient point from the slice along its normal, mm. */
export const distanceToPlane = (plane: ImagePlane, point: PatientPoint): number =>
  dot(displacement(plane.position, point), planeNormal(plane));
