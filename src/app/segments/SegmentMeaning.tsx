import type { Segment } from '#core/labelmap/segment.ts';
import { type Code, sameCode } from '#core/terminology/code.ts';
import { Laterality, type SegmentMeaning as Meaning } from '#core/terminology/segmentMeaning.ts';
import { Select } from '#ui';
import { text } from '../text.ts';
import { MeaningChoice } from './MeaningChoice.tsx';
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
  return (
    <div className={styles.fields}>
      <MeaningChoice label={`${text.segments.type}: ${segment.type.meaning}`} meaning={segment} onMeaning={onMeaning} />
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
