/** Largest deviation from unit length and from orthogonality of the direction cosines (DS text keeps 6 or more digits). */
export const DIRECTION_TOLERANCE = 1e-3;

/** Two slices are parallel when the cosine between their normals is above this (0.08 degrees). */
export const PARALLEL_COSINE = 1 - 1e-6;

/** Slice positions closer than this are one position, mm: finer than any scanner's table step. */
export const SAME_POSITION_MM = 1e-2;

/** Spacing is even when every gap is within this share of the median gap (1 %), as in highdicom. */
export const SPACING_RELATIVE_TOLERANCE = 1e-2;

/** A gap that is this close to a whole multiple (>= 2) of the median gap means missing slices, not uneven ones. */
export const MISSING_SLICE_TOLERANCE = 0.1;

/**
 * Largest in-plane drift of a slice's origin over the whole stack, in pixels, before the stack counts as tilted (sheared).
 * Half a pixel: below it the resampling error is smaller than the pixel grid itself.
 */
export const TILT_DRIFT_PIXELS = 0.5;
