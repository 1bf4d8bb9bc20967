import type { Extension } from '#extension-api';
import { OPEN_ACCESS } from './request.ts';
import { dicomWebSource } from './source.ts';

export { dicomWebSource } from './source.ts';

/** The archive behind /dicom-web: embedded, or a PACS. */
export const dicomWeb: Extension = {
  id: 'dicomweb',
  contribute: ({ dicomWebRoot, archiveLabel }, services) => ({
    sources: [
      dicomWebSource('dicomweb', archiveLabel, dicomWebRoot.replace(/\/+$/, ''), {
        ...OPEN_ACCESS,
        authorization: services?.authorization,
      }),
    ],
  }),
};
