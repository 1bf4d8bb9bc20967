import { Icon, IconButton, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './RecentStudiesList.module.css';
import { NO_FILTER } from './studyFilter.ts';

/** Studies opened lately in this tab; those of files that are no longer there are left out. */
export function RecentStudiesList() {
  const { recent, browser } = useApp();
  const entries = useReadable(recent.state);
  const { listings, open } = useReadable(browser.state);
  const shown = entries.flatMap((entry) => {
    const source = listings.find((listing) => listing.source.id === entry.sourceId)?.source;
    return source === undefined || entry.studyInstanceUID === open?.studyInstanceUID ? [] : { ...entry, source };
  });
  if (shown.length === 0) return null;
  const isListed = (sourceId: string, uid: string): boolean =>
    listings.some(
      ({ source, studies }) =>
        source.id === sourceId && studies.some(({ studyInstanceUID }) => studyInstanceUID === uid),
    );
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
                if (!isListed(source.id, studyInstanceUID)) browser.setFilter({ ...NO_FILTER, text: patientId ?? '' });
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
