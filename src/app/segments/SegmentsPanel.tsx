import { Button, EmptyState, IconButton, Section, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { addSegment } from '../commands/segmentCommands.ts';
import { text } from '../text.ts';
import { EditRow } from './EditRow.tsx';
import { SegmentRow } from './SegmentRow.tsx';
import styles from './SegmentsPanel.module.css';

/** The segments of the open series: what they are called, what they mean, what they measure. */
export function SegmentsPanel() {
  const { host, labelmap, viewer, commands } = useApp();
  const { journal, activeSegment } = useReadable(labelmap.state);
  const series = useReadable(viewer.openSeries)?.series;
  const { segments } = journal.labelmap;
  if (series === undefined) return null;
  return (
    <Section
      title={text.segments.title}
      aside={
        <IconButton
          icon="add"
          label={text.segments.add}
          shortcut={commands.find('segment.new')?.shortcut}
          side="left"
          onClick={() => addSegment(host)}
        />
      }
    >
      <EditRow />
      {segments.length === 0 ? (
        <EmptyState icon="segmentation" title={text.segments.none} detail={text.segments.noneDetail} />
      ) : (
        <ul className={styles.list}>
          {segments.map((segment) => (
            <SegmentRow
              key={segment.number}
              segment={segment}
              labelmap={journal.labelmap}
              series={series}
              active={segment.number === activeSegment}
            />
          ))}
        </ul>
      )}
      {segments.length === 0 ? null : (
        <div className={styles.results}>
          <Button kind="quiet" icon="copy" onClick={() => commands.run('segment.copyText')}>
            {text.results.text}
          </Button>
          <Button kind="quiet" icon="table" onClick={() => commands.run('segment.copyCsv')}>
            {text.results.csv}
          </Button>
        </div>
      )}
    </Section>
  );
}
