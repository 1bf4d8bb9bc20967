import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import type { Host } from '#extension-api';
import { Select, TextField, useReadable } from '#ui';
import { joinsPredecessor, savedSegments, storingSources } from '../save/saveRequest.ts';
import type { Saver } from '../save/saveSession.ts';
import type { SaveForm as Form } from '../save/saveState.ts';
import { SaveAs } from './SaveAs.tsx';
import styles from './SaveDialog.module.css';

interface FormProps {
  readonly host: Host;
  readonly saver: Saver;
  readonly form: Form;
}

/** What will be written and where to, before anything leaves the machine. */
export function SaveForm({ host, saver, form }: FormProps) {
  const open = useReadable(host.viewer.openSeries);
  const { journal, preview, origin } = useReadable(host.labelmap.state);
  const targets = storingSources(host);
  const { saved, empty } = savedSegments(journal.labelmap);
  const header = open?.series.frames[0]?.dataset ?? {};
  const target = targets.find(({ id }) => id === form.targetId);
  const joins =
    form.as === 'revision' && origin !== undefined && open !== undefined && joinsPredecessor(open.series, origin);
  const change = (part: Partial<Form>): void => saver.send({ kind: 'edit', form: { ...form, ...part } });
  return (
    <div className={styles.form}>
      <dl className={styles.facts}>
        <dt>Patient</dt>
        <dd>{nameText(text(header, Tag.PatientName))}</dd>
        <dt>Study</dt>
        <dd>{text(header, Tag.StudyDescription) ?? text(header, Tag.StudyDate) ?? 'without a description'}</dd>
        <dt>Images</dt>
        <dd>
          {text(header, Tag.SeriesDescription) ?? open?.series.modality} ({open?.series.frames.length ?? 0} slices)
        </dd>
        <dt>Segments</dt>
        <dd>{saved.length === 0 ? 'none with voxels yet' : <Segments segments={saved} />}</dd>
      </dl>
      <div className={styles.field}>
        <span>Archive</span>
        {targets.length === 0 ? (
          <span className={styles.warning}>None that takes objects: download the file.</span>
        ) : (
          <Select
            label="Archive"
            value={form.targetId}
            options={targets.map(({ id, label }) => ({ value: id, label }))}
            onChange={(targetId) => change({ targetId })}
          />
        )}
      </div>
      <SaveAs form={form} series={open?.series} origin={origin} change={change} />
      <div className={styles.field}>
        <span>Description</span>
        <TextField
          label={joins ? 'Description of the revision' : 'Series description'}
          value={form.seriesDescription}
          maxLength={64}
          onChange={(seriesDescription) => change({ seriesDescription })}
        />
      </div>
      {joins ? null : (
        <div className={styles.field}>
          <span>Series number</span>
          <TextField
            label="Series number"
            inputMode="numeric"
            value={Number.isFinite(form.seriesNumber) ? String(form.seriesNumber) : ''}
            onChange={(typed) => change({ seriesNumber: typed.trim() === '' ? Number.NaN : Number(typed) })}
          />
        </div>
      )}
      {target !== undefined && open !== undefined && target.id !== open.source.id ? (
        <p className={styles.warning}>
          The images come from {open.source.label}. The segmentation refers to them; {target.label} should have them
          too.
        </p>
      ) : null}
      {preview === undefined ? null : (
        <p className={styles.warning}>
          A lesion is still under review. It is not part of what is saved; accept it first.
        </p>
      )}
      {empty.length === 0 ? null : (
        <p className={styles.warning}>Without voxels, so left out: {empty.map(({ label }) => label).join(', ')}.</p>
      )}
    </div>
  );
}

/** Family and given name as one writes them (PS3.5 6.2.1: components are parted by '^'). */
const nameText = (name: string | undefined): string =>
  name?.split('^').filter(Boolean).slice(0, 2).join(', ') ?? 'without a name';

const Segments = ({ segments }: { readonly segments: readonly Segment[] }) => (
  <ul>
    {segments.map(({ number, label, type, algorithm }) => (
      <li key={number}>
        {label} · {type.meaning} · {algorithm.type === 'MANUAL' ? 'by hand' : `with ${algorithm.name}`}
      </li>
    ))}
  </ul>
);
