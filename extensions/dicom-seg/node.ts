/** The door for Node programs: segmentations without the browser's panels. */
export { checkSegmentation, type Finding } from './check.ts';
export { decodeSegmentation } from './decode.ts';
export { encodeSegmentation } from './encode.ts';
export { momentOf } from './model/moment.ts';
export { randomUid } from './randomUid.ts';
export { VOXPROMPT } from './software.ts';
export { sameContent, verifyEncoded } from './verify.ts';
