/** The configuration of a shell that stands on fakes. */
export const FAKE_CONFIG = {
  dicomWebRoot: '/dicom-web',
  archive: 'embedded',
  archiveLabel: 'Embedded archive',
  modelsRoot: '/models/',
  defaultModel: 'litemedsam',
} as const;
