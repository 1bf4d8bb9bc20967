import { type Code, code } from './code.ts';

/** What a segment is: PS3.16 CID 7150 category with a type from the context groups that it heads. */
export interface SegmentMeaning {
  readonly category: Code;
  readonly type: Code;
}

export const Category = {
  morphologicallyAbnormal: code('49755003', 'SCT', 'Morphologically Abnormal Structure'),
  anatomical: code('123037004', 'SCT', 'Anatomical Structure'),
  tissue: code('85756007', 'SCT', 'Tissue'),
  bodySubstance: code('91720002', 'SCT', 'Body Substance'),
  object: code('260787004', 'SCT', 'Physical object'),
} as const;

/** What a new segment is until somebody says otherwise. Apart from the list of all types, which not everybody who needs this shows. */
export const DEFAULT_MEANING: SegmentMeaning = {
  category: Category.morphologicallyAbnormal,
  type: code('52988006', 'SCT', 'Lesion'),
};

/** Laterality modifiers (PS3.16 CID 244). */
export const Laterality = {
  right: code('24028007', 'SCT', 'Right'),
  left: code('7771000', 'SCT', 'Left'),
  bilateral: code('51440002', 'SCT', 'Right and left'),
  unilateral: code('66459002', 'SCT', 'Unilateral'),
} as const;
