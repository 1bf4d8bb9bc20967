/** The phantom's grid: 512 x 512 pixels of 0.8 mm, 60 slices of 3 mm. x grows to the patient's left, y to the back, z to the head. */
export const COLUMNS = 512;
export const ROWS = 512;
export const SLICES = 60;
export const PIXEL_MM = 0.8;
export const SLICE_MM = 3;

export const Tissue = {
  air: 0,
  table: 1,
  skin: 2,
  fat: 3,
  muscle: 4,
  bone: 5,
  cavity: 6,
  lung: 7,
  liver: 8,
  spleen: 9,
  kidney: 10,
  vessel: 11,
  stomach: 12,
  bowel: 13,
  gland: 14,
  heart: 15,
  fluid: 16,
  /** Lesions follow: lesion n is `firstLesion + n`. */
  firstLesion: 32,
} as const;
