import { type Code, code, sameCode } from './code.ts';
import { ABNORMAL, ANATOMICAL, BODY_SUBSTANCES, OBJECTS, TISSUES, type TypeEntry } from './typeEntries.ts';

/** What a segment is: PS3.16 CID 7150 category with a type from the context groups that it heads. */
export interface SegmentMeaning {
  readonly category: Code;
  readonly type: Code;
}

/** A meaning with further words under which a reader may look for it. */
export interface SearchableMeaning extends SegmentMeaning {
  readonly words: string;
}

export const Category = {
  morphologicallyAbnormal: code('49755003', 'SCT', 'Morphologically Abnormal Structure'),
  anatomical: code('123037004', 'SCT', 'Anatomical Structure'),
  tissue: code('85756007', 'SCT', 'Tissue'),
  bodySubstance: code('91720002', 'SCT', 'Body Substance'),
  object: code('260787004', 'SCT', 'Physical object'),
} as const;

const under = (category: Code, entries: readonly TypeEntry[]): readonly SearchableMeaning[] =>
  entries.map(([value, meaning, words = '']) => ({ category, type: code(value, 'SCT', meaning), words }));

/** Types offered to the reader, lesions first. */
export const SEGMENT_MEANINGS: readonly SearchableMeaning[] = [
  ...under(Category.morphologicallyAbnormal, ABNORMAL),
  ...under(Category.anatomical, ANATOMICAL),
  ...under(Category.tissue, TISSUES),
  ...under(Category.bodySubstance, BODY_SUBSTANCES),
  ...under(Category.object, OBJECTS),
];

export const DEFAULT_MEANING: SegmentMeaning = {
  category: Category.morphologicallyAbnormal,
  type: SEGMENT_MEANINGS[0]!.type,
};

/** Laterality modifiers (PS3.16 CID 244). */
export const Laterality = {
  right: code('24028007', 'SCT', 'Right'),
  left: code('7771000', 'SCT', 'Left'),
  bilateral: code('51440002', 'SCT', 'Right and left'),
  unilateral: code('66459002', 'SCT', 'Unilateral'),
} as const;

const sameMeaning = (a: SegmentMeaning, b: SegmentMeaning): boolean =>
  sameCode(a.type, b.type) && sameCode(a.category, b.category);

/** How many of the last used are remembered. */
const RECENT = 5;

/** What was used last comes first, once. */
export const withRecent = (recent: readonly SegmentMeaning[], used: SegmentMeaning): readonly SegmentMeaning[] =>
  [used, ...recent.filter((other) => !sameMeaning(other, used))].slice(0, RECENT);
