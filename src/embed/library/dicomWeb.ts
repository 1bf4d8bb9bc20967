/** `voxprompt/dicomweb`: QIDO-RS, WADO-RS and STOW-RS with answers that are read, not believed. */
export type { StoreOutcome, StudyQuery, StudySource } from '#extension-api';
export { dicomWebSource } from '#extensions/dicomweb';
