import type { Extension } from '#extension-api';
import { dicomWebSource } from './source.ts';

/** The archive behind /dicom-web: embedded, or a PACS. */
export const dicomWeb: Extension = {
  id: 'dicomweb',
  contribute: ({ dicomWebRoot, archiveLabel }) => ({
    sources: [dicomWebSource('dicomweb', archiveLabel, dicomWebRoot.replace(/\/+$/, ''))],
  }),
};
