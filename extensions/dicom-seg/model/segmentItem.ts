import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { Segment, SegmentAlgorithm } from '#core/labelmap/segment.ts';
import { cielabOf } from './cielab.ts';
import { codeItem, codeSequence, SegCode } from './codes.ts';
import { element, fitted, longString, sequence } from './element.ts';
import { SegTag } from './tags.ts';

/** One item of the Segment Sequence (PS3.3 C.8.20.4). @param segmentNumber the number in the object, not the labelmap's */
export function segmentItem(segment: Segment, segmentNumber: number): DicomDataset {
  const laterality =
    segment.laterality === undefined
      ? {}
      : { [SegTag.SegmentedPropertyTypeModifierCodeSequence]: codeSequence(segment.laterality) };
  const description = fitted(segment.description ?? '', 1024);
  return {
    [SegTag.SegmentNumber]: element('US', segmentNumber),
    [SegTag.SegmentLabel]: longString(segment.label.trim() === '' ? `Segment ${segmentNumber}` : segment.label),
    ...(description === '' ? {} : { [SegTag.SegmentDescription]: element('ST', description) }),
    [SegTag.SegmentAlgorithmType]: element('CS', segment.algorithm.type),
    ...algorithmElements(segment.algorithm),
    [SegTag.RecommendedDisplayCIELabValue]: element('US', ...cielabOf(segment.color)),
    [SegTag.SegmentedPropertyCategoryCodeSequence]: codeSequence(segment.category),
    [SegTag.SegmentedPropertyTypeCodeSequence]: sequence(codeItem(segment.type, laterality)),
    [SegTag.TrackingID]: element('UT', fitted(segment.trackingId, 256)),
    [SegTag.TrackingUID]: element('UI', segment.trackingUid),
  };
}

/** Pixel value 0 of a label map, which must be described like every other (C.8.20.2.3.3). */
export const backgroundItem = (): DicomDataset => ({
  [SegTag.SegmentNumber]: element('US', 0),
  [SegTag.SegmentLabel]: longString('Background'),
  [SegTag.SegmentAlgorithmType]: element('CS', 'MANUAL'),
  [SegTag.RecommendedDisplayCIELabValue]: element('US', ...cielabOf([0, 0, 0])),
  [SegTag.SegmentedPropertyCategoryCodeSequence]: codeSequence(SegCode.spatialConcept),
  [SegTag.SegmentedPropertyTypeCodeSequence]: codeSequence(SegCode.background),
});

/** Name and identification of the algorithm (PS3.3 Table 10-19); nothing for a segment drawn by hand. */
function algorithmElements(algorithm: SegmentAlgorithm): DicomDataset {
  if (algorithm.type === 'MANUAL') return {};
  const name = { [SegTag.SegmentAlgorithmName]: longString(algorithm.name) };
  // The identification asks for a version (Type 1); a segment read from elsewhere may have none.
  if (algorithm.version === '') return name;
  const version = fitted(algorithm.version, 64);
  // What does not fit the 64 characters of Algorithm Version is kept whole in the parameters, which have 10240.
  const parameters = [version === algorithm.version ? '' : `version: ${algorithm.version}`, algorithm.parameters ?? '']
    .filter((part) => part !== '')
    .join('; ');
  return {
    ...name,
    [SegTag.SegmentationAlgorithmIdentificationSequence]: sequence({
      [SegTag.AlgorithmSource]: longString(algorithm.source ?? 'VoxPrompt'),
      [SegTag.AlgorithmFamilyCodeSequence]: codeSequence(SegCode.artificialIntelligence),
      [SegTag.AlgorithmVersion]: longString(version),
      ...(parameters === '' ? {} : { [SegTag.AlgorithmParameters]: element('LT', fitted(parameters, 10240)) }),
      [SegTag.AlgorithmName]: longString(algorithm.name),
    }),
  };
}
