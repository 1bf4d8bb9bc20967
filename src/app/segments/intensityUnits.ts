import type { ImageSeries } from '#core/dicom/imageSeries.ts';

/** Unit of the modality values, 'HU' or 'SUV…'; empty where they have none. */
export const unitsOf = ({ frames, modality }: ImageSeries): string =>
  frames[0]?.lut.units ?? (modality === 'CT' ? 'HU' : '');
