/** The door for Node programs (server, command line): Part-10 files without a browser. */
export { usableImage } from './acceptance.ts';
export { hasCodec } from './part10/codecs/decodeCompressed.ts';
export { littleEndianBytes } from './part10/datasetJson.ts';
export { decodedPixels } from './part10/decodedPixels.ts';
export { withFileMeta } from './part10/fileMeta.ts';
export { frameBytes } from './part10/frameBytes.ts';
export { type ParseOptions, type Part10File, parsePart10 } from './part10/parsePart10.ts';
export { pixelLayout } from './part10/pixelLayout.ts';
export { type StoredPixels, storedPixels } from './part10/storedPixels.ts';
