import { withSegmentChanged } from '#core/labelmap/edit.ts';
import { voxelsOf } from '#core/labelmap/labelmap.ts';
import { segmentExtent, segmentVolume } from '#core/labelmap/measureVolume.ts';
import { Button, EditableText, IconButton, useReadable } from '#ui';
import type { EmbeddedHost } from '../embed/createEmbeddedHost.ts';
import styles from './OhifPanel.module.css';

/** The segments of the open series: name, size, where to find them; and the way to the archive. */
export function SegmentList({ embedded }: { readonly embedded: EmbeddedHost }) {
  const { host, labelmap } = embedded;
  const { journal, pending } = useReadable(labelmap.state);
  const open = useReadable(host.viewer.openSeries);
  const { segments } = journal.labelmap;
  if (open === undefined) return null;
  return (
    <section className={styles.segments} aria-label="Segments">
      <div className={styles.head}>
        <h3>Segments</h3>
        <IconButton
          icon="undo"
          label="Undo"
          unavailable={journal.past.length === 0 && pending?.undo === undefined}
          onClick={() => labelmap.undo()}
        />
        <IconButton
          icon="redo"
          label="Redo"
          unavailable={journal.future.length === 0 && pending?.redo === undefined}
          onClick={() => labelmap.redo()}
        />
      </div>
      {segments.length === 0 ? <p className={styles.quiet}>None yet: accept a lesion.</p> : null}
      <ul>
        {segments.map(({ number, label, color }) => {
          const voxels = voxelsOf(journal.labelmap, number);
          const volume = segmentVolume(voxels, open.series.stack);
          const extent = segmentExtent(voxels);
          return (
            <li key={number} className={styles.row}>
              <span className={styles.color} style={{ background: `rgb(${color.join(' ')})` }} />
              <EditableText
                label="Name of the segment"
                value={label}
                maxLength={64}
                onCommit={(next) =>
                  labelmap.commit(`Rename ${label}`, withSegmentChanged(journal.labelmap, number, { label: next }))
                }
              />
              <span className={styles.quiet}>
                {extent === undefined || volume === undefined ? 'empty' : `${(volume / 1000).toFixed(2)} ml`}
              </span>
              {extent === undefined ? null : (
                <Button kind="quiet" onClick={() => host.viewer.goToSlice(extent.largest)}>
                  Slice {extent.largest + 1}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {segments.length === 0 ? null : (
        <Button kind="primary" icon="save" onClick={() => host.runCommand('seg.save')}>
          Save as DICOM SEG
        </Button>
      )}
    </section>
  );
}
