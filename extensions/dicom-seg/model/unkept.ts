import { type DicomDataset, items, number } from '#core/dicom/dataset.ts';
import { sameCode } from '#core/terminology/code.ts';
import { Laterality } from '#core/terminology/segmentMeaning.ts';
import { readCode } from './codes.ts';
import type { Note } from './decoded.ts';
import { SegTag } from './tags.ts';

const ANATOMIC_REGION_SEQUENCE = '00082218';
const PRIMARY_ANATOMIC_STRUCTURE_SEQUENCE = '00082228';

/** What an object says of its segments that is read past, so that saving it again would not say it. */
export function unkeptAttributes(dataset: DicomDataset): readonly Note[] {
  const segments = items(dataset, SegTag.SegmentSequence);
  const kinds: readonly (readonly [what: string, has: (item: DicomDataset) => boolean])[] = [
    ['anatomic region', (item) => filled(item, ANATOMIC_REGION_SEQUENCE)],
    ['anatomic structure', (item) => filled(item, PRIMARY_ANATOMIC_STRUCTURE_SEQUENCE)],
    ['type modifiers', hasOtherModifier],
    ['further algorithms', (item) => items(item, SegTag.SegmentationAlgorithmIdentificationSequence).length > 1],
  ];
  return kinds.flatMap(([what, has]) => {
    const numbers = segments.filter(has).map((item) => number(item, SegTag.SegmentNumber));
    if (numbers.length === 0) return [];
    const whose = `segment${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}`;
    return [{ code: 'not-kept', message: `Not kept when saved here: ${what} of ${whose}.` }];
  });
}

const filled = (item: DicomDataset, tag: string): boolean => items(item, tag).length > 0;

/** A type modifier that is not a side. */
function hasOtherModifier(item: DicomDataset): boolean {
  const type = items(item, SegTag.SegmentedPropertyTypeCodeSequence)[0] ?? {};
  const sequence = items(type, SegTag.SegmentedPropertyTypeModifierCodeSequence);
  const code = readCode(type, SegTag.SegmentedPropertyTypeModifierCodeSequence);
  const isSide = code !== undefined && Object.values(Laterality).some((side) => sameCode(side, code));
  return sequence.length > 1 || (sequence.length === 1 && !isSide);
}
