/** `voxprompt/dicom-seg`: DICOM Segmentation objects, written, read, checked and compared. No DOM. */
export type { EncodedSegmentation, SegmentationFormat, SegmentationRequest } from '#extension-api';
export {
  checkSegmentation,
  decodeSegmentation,
  encodeSegmentation,
  type Finding,
  placeOnSeries,
  sameContent,
  segmentationFormat,
  verifyEncoded,
} from '#extensions/dicom-seg';
