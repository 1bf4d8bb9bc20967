import { createStore } from 'zustand/vanilla';
import type { AppError } from '#core/errors.ts';
import type { ReadableState, StudySource } from '#extension-api';
import { loadSeries, type SeriesListing } from './loadSeries.ts';
import { NO_FILTER, type StudyFilter, studyQuery } from './studyFilter.ts';
import { type StudySummary, studySummary } from './summaries.ts';

export type Progress =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Studies of one source that match the filter, as far as they were asked for. */
export interface SourceListing {
  readonly source: StudySource;
  readonly progress: Progress;
  readonly studies: readonly StudySummary[];
  readonly hasMore: boolean;
}

export interface StudyRef {
  readonly source: StudySource;
  readonly studyInstanceUID: string;
}

export interface BrowserState {
  readonly filter: StudyFilter;
  readonly listings: readonly SourceListing[];
  /** The one study whose series are shown. */
  readonly open: StudyRef | undefined;
  readonly series: SeriesListing;
}

export interface StudyBrowser {
  readonly state: ReadableState<BrowserState>;
  readonly sources: () => readonly StudySource[];
  setFilter(change: Partial<StudyFilter>): void;
  more(source: StudySource): void;
  /** Shows the series of a study; resolves when they are read. Undefined folds it away. */
  openStudy(study: StudyRef | undefined): Promise<SeriesListing>;
  /** Reads the series of the open study again. */
  refresh(): Promise<SeriesListing>;
  /** Adds a source on top, in place of one with the same id. */
  addSource(source: StudySource): Promise<readonly StudySummary[]>;
}

const PAGE = 50;
const NO_SERIES: SeriesListing = { progress: { kind: 'ready' }, series: [], segmentations: [] };

export function createStudyBrowser(initial: readonly StudySource[]): StudyBrowser {
  const listing = (source: StudySource): SourceListing => ({
    source,
    progress: { kind: 'loading' },
    studies: [],
    hasMore: false,
  });
  const state = createStore<BrowserState>(() => ({
    filter: NO_FILTER,
    listings: initial.map(listing),
    open: undefined,
    series: NO_SERIES,
  }));
  const searches = new Map<string, AbortController>();
  let seriesRun = new AbortController();

  const update = (source: StudySource, change: Partial<SourceListing>): void =>
    state.setState(({ listings }) => ({
      listings: listings.map((entry) => (entry.source === source ? { ...entry, ...change } : entry)),
    }));

  async function search(source: StudySource, known: readonly StudySummary[]): Promise<readonly StudySummary[]> {
    searches.get(source.id)?.abort();
    const run = new AbortController();
    searches.set(source.id, run);
    update(source, { progress: { kind: 'loading' } });
    const query = studyQuery(state.getState().filter, known.length, PAGE, new Date());
    const answer = await source.searchStudies(query, { signal: run.signal }).catch((thrown: unknown) => {
      if (run.signal.aborted) return undefined;
      throw thrown;
    });
    if (run.signal.aborted || answer === undefined) return known;
    if (!answer.ok) {
      update(source, { progress: { kind: 'failed', error: answer.error }, studies: known });
      return known;
    }
    const studies = [...known, ...answer.value.flatMap((dataset) => studySummary(dataset) ?? [])];
    update(source, { progress: { kind: 'ready' }, studies, hasMore: answer.value.length >= PAGE });
    return studies;
  }

  async function readSeries({ source, studyInstanceUID }: StudyRef): Promise<SeriesListing> {
    seriesRun.abort();
    const run = new AbortController();
    seriesRun = run;
    return loadSeries(source, studyInstanceUID, run.signal, (series) => {
      if (!run.signal.aborted) state.setState({ series });
    });
  }

  for (const source of initial) void search(source, []);

  return {
    state,
    sources: () => state.getState().listings.map(({ source }) => source),
    setFilter(change) {
      state.setState(({ filter }) => ({ filter: { ...filter, ...change } }));
      for (const { source } of state.getState().listings) void search(source, []);
    },
    more(source) {
      const known = state.getState().listings.find((entry) => entry.source === source)?.studies ?? [];
      void search(source, known);
    },
    async openStudy(study) {
      state.setState({
        open: study,
        series: study === undefined ? NO_SERIES : { ...NO_SERIES, progress: { kind: 'loading' } },
      });
      return study === undefined ? NO_SERIES : readSeries(study);
    },
    async refresh() {
      const { open } = state.getState();
      return open === undefined ? NO_SERIES : readSeries(open);
    },
    async addSource(source) {
      state.setState(({ listings }) => ({
        listings: [listing(source), ...listings.filter((entry) => entry.source.id !== source.id)],
      }));
      return search(source, []);
    },
  };
}
