import type { CallOptions, NoticePort, ReadableState, StudySource } from '#extension-api';
import type { Viewer } from '#viewer';
import { hasImages, type SeriesSummary, seriesSummary } from '../browser/summaries.ts';
import { cell } from '../cell.ts';
import { text } from '../text.ts';
import type { Opening, SeriesRef, SeriesSession } from './createSeriesSession.ts';

/** Which series each pane of a pair shows. */
export interface Pairing {
  /** Image series of the open study, by number, while there is a pair. */
  readonly choices: ReadableState<readonly SeriesSummary[]>;
  /** Progress of the second pane's series. */
  readonly opening: ReadableState<Opening>;
  /** Shows a series of the open study in a pane; one that the other pane shows changes places with it. */
  show(slot: 'acquisition' | 'companion', seriesInstanceUID: string): Promise<void>;
  /** Shows a series where the reader works: in the active pane of a pair, else as the open series. */
  open(series: SeriesRef): Promise<void>;
  /** Shows the next or previous series of the study in the active pane, passing over the other pane's. */
  step(by: 1 | -1): Promise<void>;
  /** The series that is compared with becomes the one that is segmented, by itself. */
  keepSecond(): Promise<void>;
  dispose(): void;
}

export interface PairingSetup {
  readonly viewer: Viewer;
  readonly session: SeriesSession;
  readonly notices: NoticePort;
}

interface Study {
  readonly source: StudySource;
  readonly studyInstanceUID: string;
}

export function createPairing({ viewer, session, notices }: PairingSetup): Pairing {
  const choices = cell<readonly SeriesSummary[]>([]);
  const opening = cell<Opening>(undefined);
  /** The second series that each first one was last seen with; gone with the page. */
  const partners = new Map<string, string>();
  let listed: Study | undefined;
  let run = new AbortController();

  const first = () => viewer.openSeries.getState();
  const second = () => viewer.companion.openSeries.getState();
  const isPair = (): boolean => viewer.layout.getState() === 'pair';
  const uidIn = (slot: 'acquisition' | 'companion'): string | undefined =>
    (slot === 'acquisition' ? first() : second())?.series.seriesInstanceUID;

  async function list({ source, studyInstanceUID }: Study, { signal }: CallOptions): Promise<void> {
    if (listed?.source === source && listed.studyInstanceUID === studyInstanceUID) return;
    listed = undefined;
    choices.set([]);
    const answer = await source.listSeries(studyInstanceUID, signal === undefined ? {} : { signal });
    if (signal?.aborted === true) return;
    if (!answer.ok) {
      notices.show({ kind: 'error', error: answer.error });
      return;
    }
    listed = { source, studyInstanceUID };
    choices.set(
      answer.value
        .flatMap((dataset) => seriesSummary(dataset) ?? [])
        .filter(hasImages)
        .sort((a, b) => (a.number ?? Number.MAX_VALUE) - (b.number ?? Number.MAX_VALUE)),
    );
  }

  async function openSecond(seriesInstanceUID: string): Promise<void> {
    const open = first();
    if (open === undefined) return;
    run.abort();
    const mine = new AbortController();
    run = mine;
    const onProgress = (done: number, total: number | undefined): void => {
      if (!mine.signal.aborted) opening.set({ seriesInstanceUID, done, total });
    };
    onProgress(0, undefined);
    try {
      const { source, series } = open;
      const options = { signal: mine.signal, onProgress };
      const opened = await viewer.companion.open(source, series.studyInstanceUID, seriesInstanceUID, options);
      if (opened.ok) partners.set(series.seriesInstanceUID, seriesInstanceUID);
      else notices.show({ kind: 'error', error: opened.error });
    } catch (thrown) {
      if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) throw thrown;
    } finally {
      if (run === mine) opening.set(undefined);
    }
  }

  /** Lists what there is, and puts the likeliest series into an empty second pane. */
  async function fill(): Promise<void> {
    const open = first();
    if (!isPair() || open === undefined) {
      run.abort();
      opening.set(undefined);
      return;
    }
    if (second() !== undefined || opening.getState() !== undefined) return;
    const mine = new AbortController();
    run.abort();
    run = mine;
    await list({ source: open.source, studyInstanceUID: open.series.studyInstanceUID }, { signal: mine.signal }).catch(
      (thrown: unknown) => {
        if (!mine.signal.aborted) throw thrown;
      },
    );
    if (mine.signal.aborted || !isPair() || first() !== open) return;
    const uid = open.series.seriesInstanceUID;
    const partner = partners.get(uid) ?? likelyPartner(choices.getState(), uid);
    if (partner !== undefined) await openSecond(partner);
  }

  async function show(slot: 'acquisition' | 'companion', seriesInstanceUID: string): Promise<void> {
    const open = first();
    if (open === undefined || uidIn(slot) === seriesInstanceUID) return;
    const [one, other] = [uidIn('acquisition'), uidIn('companion')];
    const exchanged = seriesInstanceUID === (slot === 'acquisition' ? other : one);
    if (slot === 'companion' && !exchanged) {
      await openSecond(seriesInstanceUID);
      return;
    }
    const wanted = slot === 'acquisition' ? seriesInstanceUID : other;
    if (wanted === undefined || one === undefined) return;
    if (exchanged) partners.set(wanted, one);
    const { source, series } = open;
    await session.openSeries({ source, studyInstanceUID: series.studyInstanceUID, seriesInstanceUID: wanted });
  }

  const follow = (): void => void fill();
  const ends = [viewer.layout.subscribe(follow), viewer.openSeries.subscribe(follow)];
  follow();

  return {
    choices,
    opening,
    show,
    open: async (series) => {
      const open = first();
      const here = open?.source === series.source && open.series.studyInstanceUID === series.studyInstanceUID;
      if (isPair() && here && !viewer.promptsHere.getState()) await show('companion', series.seriesInstanceUID);
      else await session.openSeries(series);
    },
    step: async (by) => {
      const slot = viewer.promptsHere.getState() ? 'acquisition' : 'companion';
      const elsewhere = uidIn(slot === 'acquisition' ? 'companion' : 'acquisition');
      const all = choices.getState().filter(({ seriesInstanceUID }) => seriesInstanceUID !== elsewhere);
      const at = all.findIndex(({ seriesInstanceUID }) => seriesInstanceUID === uidIn(slot));
      const next = all[(at + by + all.length) % all.length];
      if (next === undefined || next.seriesInstanceUID === uidIn(slot)) {
        notices.show({ kind: 'info', title: text.panes.none });
      } else await show(slot, next.seriesInstanceUID);
    },
    keepSecond: async () => {
      const open = second();
      if (open === undefined) return;
      const { source, series } = open;
      const { studyInstanceUID, seriesInstanceUID } = series;
      if (await session.openSeries({ source, studyInstanceUID, seriesInstanceUID })) viewer.setLayout('stack');
    },
    dispose: () => {
      for (const end of ends) end();
      run.abort();
    },
  };
}

/** The one that follows in the list, round its end; a localizer of a few images only where there is nothing else. */
export function likelyPartner(choices: readonly SeriesSummary[], seriesInstanceUID: string): string | undefined {
  const at = choices.findIndex((series) => series.seriesInstanceUID === seriesInstanceUID);
  const others = [...choices.slice(at + 1), ...choices.slice(0, Math.max(0, at))];
  const whole = others.find(({ images = LOCALIZER }) => images >= LOCALIZER);
  return (whole ?? others[0])?.seriesInstanceUID;
}

/** Fewer images than this are likely a scout, not something to read beside another series. */
const LOCALIZER = 4;
