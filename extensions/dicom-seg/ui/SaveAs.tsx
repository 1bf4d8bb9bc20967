import { type DicomDataset, number, text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { Select } from '#ui';
import { SegTag } from '../model/tags.ts';
import { joinsPredecessor } from '../save/saveRequest.ts';
import type { SaveForm } from '../save/saveState.ts';
import styles from './SaveDialog.module.css';

interface SaveAsProps {
  readonly form: SaveForm;
  readonly series: ImageSeries | undefined;
  /** What the segments were loaded from or last stored as. */
  readonly origin: DicomDataset | undefined;
  readonly change: (part: Partial<SaveForm>) => void;
}

/** New or revision, where there is something to revise; and the kind of object. */
export function SaveAs({ form, series, origin, change }: SaveAsProps) {
  return (
    <>
      {origin === undefined ? null : (
        <div className={styles.field}>
          <span>Save as</span>
          <Select
            label="Save as"
            value={form.as}
            options={[
              { value: 'revision', label: 'Revision of the loaded segmentation' },
              { value: 'new-series', label: 'New series' },
            ]}
            onChange={(as) => change({ as })}
          />
        </div>
      )}
      {origin === undefined || series === undefined || form.as === 'new-series' ? null : (
        <p className={styles.quiet}>{revisionWords(series, origin)}</p>
      )}
      <div className={styles.field}>
        <span>Format</span>
        <Select
          label="Format"
          value={form.kind}
          options={[
            { value: 'BINARY', label: 'Binary (every reader)' },
            { value: 'LABELMAP', label: 'Label map (newer readers only)' },
          ]}
          onChange={(kind) => change({ kind })}
        />
      </div>
      {form.kind === 'BINARY' ? null : (
        <p className={styles.quiet}>
          A label map gives each voxel one segment, so it is refused where segments overlap. Many viewers cannot open it
          yet.
        </p>
      )}
    </>
  );
}

function revisionWords(series: ImageSeries, origin: DicomDataset): string {
  if (joinsPredecessor(series, origin)) {
    const name = text(origin, Tag.SeriesDescription) ?? 'without a description';
    const at = number(origin, Tag.SeriesNumber);
    return `Joins series ${at ?? ''} (${name}) as its next instance, and names the one it revises.`;
  }
  const maker = [text(origin, SegTag.ManufacturerModelName), text(origin, SegTag.SoftwareVersions)].filter(Boolean);
  return `Opens a new series, because the loaded segmentation is by another program or version (${maker.join(' ') || 'not named'}) or on other images; it still names the one it revises.`;
}
