import { sameCode } from '#core/terminology/code.ts';
import type { SegmentMeaning } from '#core/terminology/segmentMeaning.ts';
import { SEGMENT_MEANINGS } from '#core/terminology/segmentTypes.ts';
import { Combobox, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';

interface MeaningChoiceProps {
  readonly label: string;
  readonly meaning: SegmentMeaning;
  readonly onMeaning: (meaning: SegmentMeaning) => void;
}

/** A coded segment type, searched for by words; those used last come first. */
export function MeaningChoice({ label, meaning: { category, type }, onMeaning }: MeaningChoiceProps) {
  const recent = useReadable(useApp().recentMeanings.state);
  const isRecent = (one: SegmentMeaning): boolean => recent.some((other) => sameCode(other.type, one.type));
  const byUse = [
    ...recent.flatMap((used) => SEGMENT_MEANINGS.find((one) => sameCode(one.type, used.type)) ?? []),
    ...SEGMENT_MEANINGS.filter((one) => !isRecent(one)),
  ];
  // A segment that was loaded may have a type that is not on our list: it must stay what it is.
  const known = SEGMENT_MEANINGS.some((one) => sameCode(one.type, type));
  const meanings = known ? byUse : [{ category, type, words: '' }, ...byUse];
  return (
    <Combobox
      label={label}
      searchLabel={text.segments.searchType}
      emptyText={text.segments.noType}
      value={type.value}
      options={meanings.map((one) => ({
        value: one.type.value,
        label: one.type.meaning,
        group: isRecent(one) ? text.segments.recentType : one.category.meaning.replace(/ Structure$/, ''),
        words: `${one.words} ${one.category.meaning}`,
      }))}
      onChange={(value) => {
        const chosen = meanings.find((one) => one.type.value === value);
        if (chosen !== undefined) onMeaning(chosen);
      }}
    />
  );
}
