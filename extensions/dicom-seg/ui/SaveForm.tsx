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
import { text as words } from './words.ts';

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
        <dt>{words.facts.patient}</dt>
        <dd>{nameText(text(header, Tag.PatientName))}</dd>
        <dt>{words.facts.study}</dt>
        <dd>{text(header, Tag.StudyDescription) ?? text(header, Tag.StudyDate) ?? words.noDescription}</dd>
        <dt>{words.facts.images}</dt>
        <dd>
          {words.slices(
            text(header, Tag.SeriesDescription) ?? open?.series.modality ?? '',
            open?.series.frames.length ?? 0,
          )}
        </dd>
        <dt>{words.facts.segments}</dt>
        <dd>{saved.length === 0 ? words.noSegments : <Segments segments={saved} />}</dd>
      </dl>
      <div className={styles.field}>
        <span>{words.archive}</span>
        {targets.length === 0 ? (
          <span className={styles.warning}>{words.noArchive}</span>
        ) : (
          <Select
            label={words.archive}
            value={form.targetId}
            options={targets.map(({ id, label }) => ({ value: id, label }))}
            onChange={(targetId) => change({ targetId })}
          />
        )}
      </div>
      <SaveAs form={form} series={open?.series} origin={origin} change={change} />
      <div className={styles.field}>
        <span>{words.description}</span>
        <TextField
          label={joins ? words.revisionDescription : words.seriesDescription}
          value={form.seriesDescription}
          maxLength={64}
          onChange={(seriesDescription) => change({ seriesDescription })}
        />
      </div>
      {joins ? null : (
        <div className={styles.field}>
          <span>{words.seriesNumber}</span>
          <TextField
            label={words.seriesNumber}
            inputMode="numeric"
            value={Number.isFinite(form.seriesNumber) ? String(form.seriesNumber) : ''}
            onChange={(typed) => change({ seriesNumber: typed.trim() === '' ? Number.NaN : Number(typed) })}
          />
        </div>
      )}
      {target !== undefined && open !== undefined && target.id !== open.source.id ? (
        <p className={styles.warning}>{words.elsewhere(open.source.label, target.label)}</p>
      ) : null}
      {preview === undefined ? null : <p className={styles.warning}>{words.underReview}</p>}
      {empty.length === 0 ? null : (
        <p className={styles.warning}>{words.leftOut(empty.map(({ label }) => label).join(', '))}</p>
      )}
    </div>
  );
}

/** Family and given name as one writes them (PS3.5 6.2.1: components are parted by '^'). */
const nameText = (name: string | undefined): string =>
  name?.split('^').filter(Boolean).slice(0, 2).join(', ') ?? words.noName;

const Segments = ({ segments }: { readonly segments: readonly Segment[] }) => (
  <ul>
    {segments.map(({ number, label, type, algorithm }) => (
      <li key={number}>
        {words.segment(label, type.meaning, algorithm.type === 'MANUAL' ? words.byHand : words.by(algorithm.name))}
      </li>
    ))}
  </ul>
);
