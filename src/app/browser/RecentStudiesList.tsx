import { Icon, IconButton, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './RecentStudiesList.module.css';
import { NO_FILTER } from './studyFilter.ts';

/** As many studies of a list are in view at once: those need no second place. */
const IN_VIEW = 8;

/** Studies opened lately in this tab, where the list does not show them anyway; those of files no longer there are left out. */
export function RecentStudiesList() {
  const { recent, browser } = useApp();
  const entries = useReadable(recent.state);
  const { listings } = useReadable(browser.state);
  const place = (sourceId: string, uid: string): number =>
    listings
      .find(({ source }) => source.id === sourceId)
      ?.studies.findIndex(({ studyInstanceUID }) => studyInstanceUID === uid) ?? -1;
  const shown = entries.flatMap((entry) => {
    const source = listings.find((listing) => listing.source.id === entry.sourceId)?.source;
    const at = place(entry.sourceId, entry.studyInstanceUID);
    return source === undefined || (at >= 0 && at < IN_VIEW) ? [] : { ...entry, source };
  });
  if (shown.length === 0) return null;
  return (
    <section aria-label={text.find.recent}>
      <header className={styles.header}>
        <h2>{text.find.recent}</h2>
        <IconButton icon="delete" label={text.find.clearRecent} onClick={() => recent.clear()} />
      </header>
      <ul>
        {shown.map(({ source, studyInstanceUID, patientName, patientId, date }) => (
          <li key={`${source.id} ${studyInstanceUID}`}>
            <button
              type="button"
              className={styles.entry}
              onClick={() => {
                if (place(source.id, studyInstanceUID) < 0) browser.setFilter({ ...NO_FILTER, text: patientId ?? '' });
                void browser.openStudy({ source, studyInstanceUID });
              }}
            >
              <Icon name="jump" />
              {text.find.openRecent(patientName ?? patientId ?? text.browser.noName, date)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
