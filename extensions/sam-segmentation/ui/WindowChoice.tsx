import { type ValueScale, valueScaleOf } from '#core/dicom/valueScale.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { Host } from '#extension-api';
import { Progress, Select, useReadable } from '#ui';
import { WINDOW_CHOICES } from '../session/modelWindow.ts';
import type { SamSession } from '../session/session.ts';
import { text } from '../text.ts';
import styles from './SamPanel.module.css';

const words = text.window;

const rounded = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** In the units in which the viewer shows values; what is recorded with the result keeps to modality values. */
const range = ({ lower, upper }: IntensityWindow, { factor, units }: ValueScale): string =>
  words.range(rounded(lower * factor), rounded(upper * factor), units);

/** The window through which the model sees the values: its own or one the reader picks, never the display's by itself. */
export function WindowChoice({ host, session }: { readonly host: Host; readonly session: SamSession }) {
  const open = useReadable(host.viewer.openSeries);
  const window = useReadable(session.window.state);
  const choice = useReadable(session.window.choice);
  if (open === undefined) return null;
  const scale = valueScaleOf(open.series);
  return (
    <>
      <div className={styles.row}>
        <span className={styles.label}>{words.label}</span>
        {open.series.modality === 'CT' ? (
          <Select
            label={words.choose}
            value={choice}
            options={WINDOW_CHOICES.map((value) => ({ value, label: words.names[value] }))}
            onChange={(next) => session.window.choose(next)}
          />
        ) : null}
        {window.kind === 'ready' && open.series.modality !== 'CT' ? (
          <span className={styles.value}>{range(window.window, scale)}</span>
        ) : null}
      </div>
      {window.kind === 'ready' && open.series.modality === 'CT' ? (
        <p className={styles.under}>{range(window.window, scale)}</p>
      ) : null}
      {window.kind === 'sampling' ? (
        <Progress label={words.sampling(window.total)} share={window.done / window.total} />
      ) : null}
      {window.kind === 'failed' ? (
        <p className={styles.problem} role="alert">
          {window.error.message} {window.error.remedy}
        </p>
      ) : null}
    </>
  );
}
