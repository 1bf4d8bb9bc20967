import { type DicomDataset, number, text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { Select } from '#ui';
import { SegTag } from '../model/tags.ts';
import { joinsPredecessor } from '../save/saveRequest.ts';
import type { SaveForm } from '../save/saveState.ts';
import styles from './SaveDialog.module.css';
import { text as words } from './words.ts';

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
          <span>{words.saveAs}</span>
          <Select
            label={words.saveAs}
            value={form.as}
            options={[
              { value: 'revision', label: words.revision },
              { value: 'new-series', label: words.newSeries },
            ]}
            onChange={(as) => change({ as })}
          />
        </div>
      )}
      {origin === undefined || series === undefined || form.as === 'new-series' ? null : (
        <p className={styles.quiet}>{revisionWords(series, origin)}</p>
      )}
      <div className={styles.field}>
        <span>{words.format}</span>
        <Select
          label={words.format}
          value={form.kind}
          options={[
            { value: 'BINARY', label: words.binary },
            { value: 'LABELMAP', label: words.labelMap },
          ]}
          onChange={(kind) => change({ kind })}
        />
      </div>
      {form.kind === 'BINARY' ? null : <p className={styles.quiet}>{words.labelMapDetail}</p>}
    </>
  );
}

function revisionWords(series: ImageSeries, origin: DicomDataset): string {
  if (joinsPredecessor(series, origin)) {
    const name = text(origin, Tag.SeriesDescription) ?? words.noDescription;
    const at = number(origin, Tag.SeriesNumber);
    return words.joins(at, name);
  }
  const maker = [text(origin, SegTag.ManufacturerModelName), text(origin, SegTag.SoftwareVersions)].filter(Boolean);
  return words.opensNew(maker.join(' ') || words.unnamed);
}
