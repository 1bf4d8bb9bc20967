import type { Labelmap } from '#core/labelmap/labelmap.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import { IconButton, Select } from '#ui';
import { useApp } from '../AppContext.ts';
import { deleteSegment, duplicateSegment, jumpToSegment, mergeSegments } from '../commands/segmentCommands.ts';
import { text } from '../text.ts';
import styles from './SegmentRow.module.css';

interface ActionsProps {
  readonly segment: Segment;
  readonly labelmap: Labelmap;
  readonly empty: boolean;
}

const NOBODY = '';

/** What can be done with one segment as a whole. */
export function SegmentActions({ segment, labelmap, empty }: ActionsProps) {
  const { host, commands } = useApp();
  const { number, label, locked } = segment;
  const words = text.segments;
  const others = labelmap.segments.filter((other) => other.number !== number && !other.locked);
  return (
    <div className={styles.actions}>
      {others.length === 0 || empty || locked ? null : (
        <Select
          quiet
          label={words.mergeOf(label)}
          value={NOBODY}
          options={[
            { value: NOBODY, label: words.merge },
            ...others.map((other) => ({ value: String(other.number), label: other.label })),
          ]}
          onChange={(into) => mergeSegments(host, segment, Number(into))}
        />
      )}
      <span className={styles.space} />
      <IconButton
        icon="jump"
        label={words.jump(label)}
        shortcut={commands.find('segment.jump')?.shortcut}
        unavailable={empty}
        onClick={() => jumpToSegment(host, number)}
      />
      <IconButton
        icon="duplicate"
        label={words.duplicate(label)}
        shortcut={commands.find('segment.duplicate')?.shortcut}
        unavailable={empty}
        onClick={() => duplicateSegment(host, segment)}
      />
      <IconButton
        icon="delete"
        label={words.remove(label)}
        shortcut={commands.find('segment.delete')?.shortcut}
        detail={locked ? words.lockedDelete : undefined}
        unavailable={locked}
        onClick={() => deleteSegment(host, segment)}
      />
    </div>
  );
}
