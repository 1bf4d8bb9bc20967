import { useMemo } from 'react';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { withLaterality, withSegmentChanged } from '#core/labelmap/edit.ts';
import { type Labelmap, voxelsOf } from '#core/labelmap/labelmap.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import { classNames, EditableText, IconButton } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import { Measures } from './Measures.tsx';
import { measureShape } from './measureSegment.ts';
import { SegmentActions } from './SegmentActions.tsx';
import { SegmentDisplay } from './SegmentDisplay.tsx';
import { SegmentMeaning } from './SegmentMeaning.tsx';
import styles from './SegmentRow.module.css';

interface SegmentRowProps {
  readonly segment: Segment;
  readonly labelmap: Labelmap;
  readonly series: ImageSeries;
  readonly active: boolean;
}

/** One segment; the active one shows its meaning and its measurements. */
export function SegmentRow({ segment, labelmap, series, active }: SegmentRowProps) {
  const { labelmap: port, recentMeanings } = useApp();
  const { number, label, visible, locked, color } = segment;
  const voxels = voxelsOf(labelmap, number);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other segments' changes make a new labelmap and do not matter
  const shape = useMemo(() => measureShape(labelmap, number, series), [voxels, number, series]);
  const words = text.segments;
  const rename = (change: Partial<Omit<Segment, 'number'>>, step: string): void =>
    port.commit(step, withSegmentChanged(labelmap, number, change));
  return (
    <li className={classNames(styles.row, active && styles.active)}>
      <div className={styles.head}>
        <button
          type="button"
          className={styles.color}
          aria-label={words.select(label)}
          aria-pressed={active}
          onClick={() => port.setActiveSegment(number)}
        >
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <rect x="1" y="1" width="10" height="10" rx="2" fill={`rgb(${color.join(' ')})`} />
          </svg>
        </button>
        <div className={styles.name}>
          <EditableText
            label={words.label}
            value={label}
            maxLength={64}
            onCommit={(next) => rename({ label: next }, words.rename(label))}
          />
        </div>
        {active ? null : (
          <span className={styles.volume}>
            {shape?.volume === undefined ? words.empty : text.measure.ml(shape.volume)}
          </span>
        )}
        <IconButton
          icon={visible ? 'visible' : 'hidden'}
          label={visible ? words.hide(label) : words.show(label)}
          onClick={() => port.setDisplay(number, { visible: !visible })}
        />
        <IconButton
          icon={locked ? 'locked' : 'unlocked'}
          label={locked ? words.unlock(label) : words.lock(label)}
          pressed={locked}
          onClick={() => port.setDisplay(number, { locked: !locked })}
        />
      </div>
      {active ? (
        <div className={styles.body}>
          <SegmentMeaning
            segment={segment}
            onMeaning={({ category, type }) => {
              recentMeanings.use({ category, type });
              rename({ category, type }, words.retype(label));
            }}
            onLaterality={(side) => port.commit(words.reside(label), withLaterality(labelmap, number, side))}
          />
          <Measures voxels={voxels} shape={shape} series={series} />
          <SegmentDisplay segment={segment} onColor={(next) => rename({ color: next }, words.recolor(label))} />
          <SegmentActions segment={segment} labelmap={labelmap} empty={shape === undefined} />
        </div>
      ) : null}
    </li>
  );
}
