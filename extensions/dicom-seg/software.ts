import type { Software } from './model/equipment.ts';

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

const VERSION = '0.1.0';

/** VoxPrompt's own: a UUID made once for it. */
export const IMPLEMENTATION_CLASS_UID = '2.25.102560523738252828038410906882555700730';
export const IMPLEMENTATION_VERSION_NAME = `VOXPROMPT_${VERSION}`.slice(0, 16);

/** One program for all desks: nothing here tells a host or a user. */
export const VOXPROMPT: Software = {
  manufacturer: 'VoxPrompt',
  modelName: 'VoxPrompt',
  serialNumber: '1',
  versions: [VERSION],
};
