/** The door for Node programs: the embedded archive speaks the same multipart as the client. */
export { acceptedTypes, mediaTypeOf } from './mediaType.ts';
export { multipartEnd, newBoundary, parseMultipart, partHead } from './multipart.ts';
export { retrieveInstance } from './retrieve.ts';
export { storeInstance } from './store.ts';
