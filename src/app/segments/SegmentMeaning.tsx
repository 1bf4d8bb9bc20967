import type { Segment } from '#core/labelmap/segment.ts';
import { type Code, sameCode } from '#core/terminology/code.ts';
import { Laterality, type SegmentMeaning as Meaning, SEGMENT_MEANINGS } from '#core/terminology/segmentTypes.ts';
import { Combobox, Select, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './SegmentMeaning.module.css';

interface SegmentMeaningProps {
  readonly segment: Segment;
  readonly onMeaning: (meaning: Meaning) => void;
  readonly onLaterality: (laterality: Code | undefined) => void;
}

type Side = keyof typeof Laterality | 'none';
const SIDES: readonly Side[] = ['none', 'right', 'left', 'bilateral', 'unilateral'];

/** The coded type and side of a segment: what another system will read. */
export function SegmentMeaning({ segment, onMeaning, onLaterality }: SegmentMeaningProps) {
  const side = SIDES.find(
    (name) => name !== 'none' && segment.laterality && sameCode(Laterality[name], segment.laterality),
  );
  const recent = useReadable(useApp().recentMeanings.state);
  const isRecent = ({ type }: Meaning): boolean => recent.some((other) => sameCode(other.type, type));
  const own = { category: segment.category, type: segment.type, words: '' };
  const known = SEGMENT_MEANINGS.some(({ type }) => sameCode(type, segment.type));
  const byUse = [
    ...recent.flatMap(({ type }) => SEGMENT_MEANINGS.find((meaning) => sameCode(meaning.type, type)) ?? []),
    ...SEGMENT_MEANINGS.filter((meaning) => !isRecent(meaning)),
  ];
  // A segment that was loaded may have a type that is not on our list: it must stay what it is.
  const meanings = known ? byUse : [own, ...byUse];
  return (
    <div className={styles.fields}>
      <Combobox
        label={`${text.segments.type}: ${segment.type.meaning}`}
        searchLabel={text.segments.searchType}
        emptyText={text.segments.noType}
        value={segment.type.value}
        options={meanings.map((meaning) => ({
          value: meaning.type.value,
          label: meaning.type.meaning,
          group: isRecent(meaning) ? text.segments.recentType : meaning.category.meaning.replace(/ Structure$/, ''),
          words: `${meaning.words} ${meaning.category.meaning}`,
        }))}
        onChange={(value) => {
          const meaning = meanings.find(({ type }) => type.value === value);
          if (meaning !== undefined) onMeaning(meaning);
        }}
      />
      <Select<Side>
        label={text.segments.laterality}
        value={side ?? 'none'}
        options={SIDES.map((value) => ({
          value,
          label: value === 'none' ? text.segments.noLaterality : Laterality[value].meaning,
        }))}
        onChange={(next) => onLaterality(next === 'none' ? undefined : Laterality[next])}
      />
    </div>
  );
}
