import { useEffect, useState } from 'react';
import { Button, EmptyState, IconButton, NoticeCard, Progress, Select, TextField, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import type { SourceListing } from './createStudyBrowser.ts';
import { RecentStudiesList } from './RecentStudiesList.tsx';
import styles from './StudyBrowserPanel.module.css';
import { StudyRow } from './StudyRow.tsx';
import { DATE_CHOICES, type DateChoice, isFiltered, NO_FILTER } from './studyFilter.ts';

const MODALITIES = ['CT', 'MR', 'PT', 'US', 'MG', 'DX', 'CR', 'XA', 'NM'] as const;
const TYPING_PAUSE_MS = 250;

/** Studies of every source, found by patient, modality and date. */
export function StudyBrowserPanel() {
  const { browser, host, commands } = useApp();
  const { filter, listings } = useReadable(browser.state);
  const words = text.browser;
  const dates: Record<DateChoice, string> = {
    any: words.anyDate,
    today: words.today,
    7: words.days(7),
    30: words.days(30),
    365: words.lastYear,
    range: text.find.range,
  };
  return (
    <nav className={styles.panel} aria-label={text.region.browser}>
      <div className={styles.filter}>
        <SearchField name="text" label={words.search} />
        <SearchField name="description" label={text.find.description} />
        <div className={styles.selects}>
          <Select
            label={words.modality}
            value={filter.modality}
            options={[{ value: '', label: words.anyModality }, ...MODALITIES.map((value) => ({ value, label: value }))]}
            onChange={(modality) => browser.setFilter({ modality })}
          />
          <Select
            label={words.date}
            value={filter.date}
            options={DATE_CHOICES.map((value) => ({ value, label: dates[value] }))}
            onChange={(date) => browser.setFilter({ date })}
          />
        </div>
        {filter.date === 'range' ? <DateRange /> : null}
        {isFiltered(filter) ? (
          <Button kind="quiet" icon="close" onClick={() => browser.setFilter(NO_FILTER)}>
            {text.find.clear}
          </Button>
        ) : null}
      </div>
      <div className={styles.lists}>
        <RecentStudiesList />
        {listings.map((listing) => (
          <Source key={listing.source.id} listing={listing} alone={listings.length === 1} />
        ))}
      </div>
      {host.fileImporter === undefined ? null : (
        <footer className={styles.footer}>
          <Button icon="files" onClick={() => commands.run('app.openFiles')}>
            {words.openFiles}
          </Button>
          <IconButton icon="add" label={words.openFolder} onClick={() => commands.run('app.openFolder')} />
        </footer>
      )}
    </nav>
  );
}

/** Asks the archive when the typing pauses, not for each letter. */
function SearchField({ name, label }: { readonly name: 'text' | 'description'; readonly label: string }) {
  const { browser } = useApp();
  const asked = useReadable(browser.state).filter[name];
  const [typed, setTyped] = useState(asked);
  // Cleared from elsewhere, the field follows.
  useEffect(() => setTyped(asked), [asked]);
  useEffect(() => {
    if (typed === browser.state.getState().filter[name]) return;
    const pause = setTimeout(() => browser.setFilter({ [name]: typed }), TYPING_PAUSE_MS);
    return () => clearTimeout(pause);
  }, [browser, name, typed]);
  const type = name === 'text' ? 'search' : 'text';
  return <TextField type={type} label={label} placeholder={label} value={typed} onChange={setTyped} />;
}

/** Both ends are included; either may stay open. */
function DateRange() {
  const { browser } = useApp();
  const { from, to } = useReadable(browser.state).filter;
  return (
    <div className={styles.selects}>
      <TextField
        type="date"
        label={text.find.from}
        title={text.find.from}
        value={from}
        onChange={(next) => browser.setFilter({ from: next })}
      />
      <TextField
        type="date"
        label={text.find.to}
        title={text.find.to}
        value={to}
        onChange={(next) => browser.setFilter({ to: next })}
      />
    </div>
  );
}

function Source({ listing, alone }: { readonly listing: SourceListing; readonly alone: boolean }) {
  const { browser } = useApp();
  const { filter } = useReadable(browser.state);
  const { source, progress, studies, hasMore } = listing;
  const words = text.browser;
  // A drop of which nothing could be used leaves no heading behind.
  if (!source.canStore && !alone && progress.kind === 'ready' && studies.length === 0) return null;
  return (
    <section aria-label={words.source(source.label)}>
      <h2 className={styles.source}>{source.label}</h2>
      {progress.kind === 'failed' ? (
        <div className={styles.failure}>
          <NoticeCard
            kind="error"
            title={progress.error.message}
            detail={progress.error.remedy}
            dismissLabel={text.dismiss}
          >
            <Button onClick={() => browser.setFilter({})}>{text.retry}</Button>
          </NoticeCard>
        </div>
      ) : null}
      <ul>
        {studies.map((study) => (
          <StudyRow key={study.studyInstanceUID} source={source} study={study} />
        ))}
      </ul>
      {progress.kind === 'loading' ? (
        <div className={styles.busy}>
          <Progress label={words.loading} share={undefined} />
        </div>
      ) : null}
      {progress.kind === 'ready' && studies.length === 0 && (alone || isFiltered(filter)) ? (
        <EmptyState
          icon="search"
          title={isFiltered(filter) ? words.nothing : words.empty}
          detail={words.nothingDetail}
        />
      ) : null}
      {hasMore && progress.kind !== 'loading' ? (
        <Button kind="quiet" className={styles.more} onClick={() => browser.more(source)}>
          {words.more}
        </Button>
      ) : null}
    </section>
  );
}
