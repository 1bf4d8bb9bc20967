import { plural } from './plural.ts';

/** Words of opening a series, and a segmentation on it. */
export const series = {
  opening: 'Opening series',
  openingCount: (done: number, total: number | undefined) =>
    total === undefined ? 'Opening series' : `Opening series: ${done} of ${total}`,
  loadingPixels: (done: number, total: number) => `Loading images: ${done} of ${total}`,
  loadedSegments: (count: number) => `${plural(count, 'segment', 'segments')} loaded`,
  welcome: 'Choose a series to begin',
  welcomeDetail: 'Open a study on the left, or drop DICOM files, folders or zips anywhere on this window.',
  patientFields: { id: 'ID', born: 'Born', sex: 'Sex', study: 'Study' },
  unknown: 'unknown',
  geometry: 'Geometry',
  missingPixels: (slices: readonly number[], reason: string) =>
    `${plural(slices.length, 'slice', 'slices')} could not be loaded (${slices.slice(0, 8).join(', ')}${slices.length > 8 ? '…' : ''}): ${reason}`,
  viewOnly: 'This series can only be viewed, so segmentation tools are off.',
  noReformats: 'Some slices could not be loaded, and reformats would hide that.',
  notOpened: 'The segmentation was not opened.',
  resample: {
    title: 'Resample to the open series?',
    detail:
      'Resampling takes, for each voxel of the series, the nearest one of the segmentation: borders and volumes will not be exactly those of the file. Voxels outside of the series are left out.',
    go: 'Resample',
    stay: 'Do not open',
  },
  threshold: {
    title: 'Which voxels are inside?',
    detail:
      'This segmentation holds a fraction for each voxel, not a border. Choose the least fraction that counts as inside.',
    label: 'Threshold',
    go: 'Open',
    stay: 'Do not open',
  },
  segmentationRefused: {
    noFormat: 'This installation cannot read segmentations.',
    noImages: 'The images that this segmentation belongs to are not in the study.',
    noImagesRemedy: 'Add the image series to the archive, or drop its files together with the segmentation.',
  },
} as const;
