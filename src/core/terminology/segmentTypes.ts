import { type Code, code, sameCode } from './code.ts';
import { Category, type SegmentMeaning } from './segmentMeaning.ts';
import { ABNORMAL, ANATOMICAL, BODY_SUBSTANCES, OBJECTS, TISSUES, type TypeEntry } from './typeEntries.ts';

/** A meaning with further words under which a reader may look for it. */
export interface SearchableMeaning extends SegmentMeaning {
  readonly words: string;
}

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

const sameMeaning = (a: SegmentMeaning, b: SegmentMeaning): boolean =>
  sameCode(a.type, b.type) && sameCode(a.category, b.category);

/** How many of the last used are remembered. */
const RECENT = 5;

/** What was used last comes first, once. */
export const withRecent = (recent: readonly SegmentMeaning[], used: SegmentMeaning): readonly SegmentMeaning[] =>
  [used, ...recent.filter((other) => !sameMeaning(other, used))].slice(0, RECENT);
