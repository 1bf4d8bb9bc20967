import { useReadable } from '#ui';
import type { OtherSeries, OtherSeriesSource } from '../session/otherSeries.ts';
import { text } from '../text.ts';
import styles from './SamPanel.module.css';

const words = text.others;

/** Which other series of the study the volume model looks at too, and what it saw there. Nothing where there is no other. */
export function OtherSeriesChoice({ others }: { readonly others: OtherSeriesSource }) {
  const list = useReadable(others.state);
  const problem = useReadable(others.problem);
  if (problem !== undefined) {
    return (
      <p className={styles.quiet} role="status">
        {words.notListed(problem)}
      </p>
    );
  }
  if (list.length === 0) return null;
  return (
    <fieldset className={styles.others}>
      <legend className={styles.label}>{words.label}</legend>
      {list.map((series) => (
        <label key={series.seriesInstanceUID} className={styles.other}>
          <input
            type="checkbox"
            checked={series.chosen}
            onChange={({ target }) => others.choose(series.seriesInstanceUID, target.checked)}
          />
          <span className={styles.otherName} title={words.whole(series)}>
            {words.name(series)}
          </span>
          <OtherState series={series} />
        </label>
      ))}
    </fieldset>
  );
}

function OtherState({ series }: { readonly series: OtherSeries }) {
  const { chosen, reading, verdict } = series;
  if (!chosen) return null;
  if (reading.kind === 'failed') return <span className={styles.otherState}>{words.failed(reading.error)}</span>;
  if (reading.kind === 'apart') return <span className={styles.otherState}>{words.apart[reading.reason]}</span>;
  if (reading.kind === 'waiting') return <span className={styles.otherState}>{words.waiting}</span>;
  if (reading.kind === 'reading') {
    return <span className={styles.otherState}>{words.reading(reading.done, reading.total)}</span>;
  }
  if (verdict === undefined) return <span className={styles.otherState}>{words.ready}</span>;
  return (
    <span className={verdict.counted ? styles.otherCounts : styles.otherState} role="status">
      {words.verdict(verdict)}
    </span>
  );
}
