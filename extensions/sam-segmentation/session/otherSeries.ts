import { type DicomDataset, number, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError, describeThrown } from '#core/errors.ts';
import { err } from '#core/result.ts';
import type { OpenSeries, ReadableState, ViewerPort } from '#extension-api';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import type {
  JoinOthers,
  RegisteredSource,
  RegisteredSources,
  RegisteredVerdict,
} from '../segmenter/registeredSource.ts';
import { SEEN_MODALITIES, usualCompanions } from '../segmenter/usualCompanions.ts';
import { type Apart, readRegistered } from './readRegistered.ts';
import { writableState } from './writableState.ts';

export type Reading =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'reading'; readonly done: number; readonly total: number | undefined }
  | { readonly kind: 'ready' }
  | { readonly kind: 'apart'; readonly reason: Apart }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Another image series of the open study. */
export interface OtherSeries {
  readonly seriesInstanceUID: string;
  readonly modality: string;
  readonly description: string | undefined;
  readonly images: number | undefined;
  /** Whether it is to have a say. */
  readonly chosen: boolean;
  readonly reading: Reading;
  /** What became of it in the last run. */
  readonly verdict: RegisteredVerdict | undefined;
}

/** The other series of the open study, and which of them the volume model looks at too. */
export interface OtherSeriesSource {
  readonly state: ReadableState<readonly OtherSeries[]>;
  /** Why it is not known what other series there are. */
  readonly problem: ReadableState<AppError | undefined>;
  /** Changes with each {@link choose}. */
  readonly choices: ReadableState<number>;
  choose(seriesInstanceUID: string, chosen: boolean): void;
  /** Reads the chosen ones ahead of the first box. Never fails: what could not be read says so in the list. */
  prepare(manifest: VolumeManifest): Promise<void>;
  /** Lets the chosen ones have a say; undefined where only the open series can be read. The same function until a choice. */
  join(manifest: VolumeManifest): JoinOthers | undefined;
  /** The series was closed: memory is given back. */
  forget(): void;
}

interface Study {
  readonly open: OpenSeries;
  readonly closing: AbortController;
  listed: Promise<void> | undefined;
  isListed: boolean;
  readonly read: Map<string, Promise<RegisteredSource | undefined>>;
  /** How the values are read: {@link VolumeManifest.intensity} as text. Another model may see them through another window. */
  recipe: string | undefined;
  /** Aborted where what was read is of no use any more: its memory is given back. */
  reading: AbortController;
  join: JoinOthers | undefined;
}

/** @param joinOf how series that were read have their say: `withRegistered` */
export function createOtherSeries(
  viewer: Pick<ViewerPort, 'openSeries' | 'readBeside'>,
  joinOf: (sources: RegisteredSources) => JoinOthers,
): OtherSeriesSource {
  const state = writableState<readonly OtherSeries[]>([]);
  const choices = writableState(0);
  const problem = writableState<AppError | undefined>(undefined);
  let study: Study | undefined;

  function current(): Study | undefined {
    const open = viewer.openSeries.getState();
    if (study?.open === open) return study;
    forget();
    if (open !== undefined)
      study = {
        open,
        closing: new AbortController(),
        listed: undefined,
        isListed: false,
        recipe: undefined,
        reading: new AbortController(),
        read: new Map(),
        join: undefined,
      };
    return study;
  }

  function forget(): void {
    const closed = new DOMException('The series was closed', 'AbortError');
    study?.closing.abort(closed);
    study?.reading.abort(closed);
    study = undefined;
    problem.set(undefined);
    if (state.getState().length > 0) state.set([]);
  }

  function change(of: Study, uid: string, next: Partial<OtherSeries>): void {
    if (study !== of) return;
    state.set(state.getState().map((series) => (series.seriesInstanceUID === uid ? { ...series, ...next } : series)));
  }

  /** A failure is told, and leaves the list empty until the next run. */
  async function listOf(of: Study): Promise<void> {
    const { source, series } = of.open;
    const answer = await source
      .listSeries(series.studyInstanceUID, { signal: of.closing.signal })
      .catch((thrown: unknown) => err(appError('series-not-listed', describeThrown(thrown))));
    if (study !== of) return;
    problem.set(answer.ok ? undefined : answer.error);
    if (!answer.ok) {
      of.listed = undefined;
      return;
    }
    const others = answer.value.flatMap((dataset) => otherSeries(dataset, series.seriesInstanceUID) ?? []);
    const usual = usualCompanions(series.modality, others, ({ images }) => images);
    of.isListed = true;
    state.set(others.map((each) => ({ ...each, chosen: usual.includes(each) })));
  }

  /** Asks the study's source what there is; once for each open series. */
  function list(): Promise<void> {
    const of = current();
    if (of === undefined || viewer.readBeside === undefined) return Promise.resolve();
    of.listed ??= listOf(of);
    return of.listed;
  }

  async function read(of: Study, uid: string, manifest: VolumeManifest): Promise<RegisteredSource | undefined> {
    const { signal } = of.reading;
    change(of, uid, { reading: { kind: 'reading', done: 0, total: undefined } });
    const done = await readRegistered(viewer, of.open, uid, manifest, {
      signal,
      onProgress: (count, total) => change(of, uid, { reading: { kind: 'reading', done: count, total } }),
    }).catch((thrown: unknown) => err(appError('series-unreadable', describeThrown(thrown))));
    if (signal.aborted) return undefined;
    if (!done.ok) {
      // The next run tries again.
      of.read.delete(uid);
      change(of, uid, { reading: { kind: 'failed', error: done.error } });
      return undefined;
    }
    const found = done.value;
    if ('reason' in found) change(of, uid, { reading: { kind: 'apart', reason: found.reason } });
    else change(of, uid, { reading: { kind: 'ready' } });
    return 'reason' in found ? undefined : found;
  }

  async function chosenOf(of: Study, manifest: VolumeManifest): Promise<readonly RegisteredSource[]> {
    await list();
    if (study !== of) return [];
    const chosen = state.getState().filter((series) => series.chosen);
    const reading = chosen.map(({ seriesInstanceUID: uid }) => {
      const known = of.read.get(uid) ?? read(of, uid, manifest);
      of.read.set(uid, known);
      return known;
    });
    return (await Promise.all(reading)).flatMap((source) => source ?? []);
  }

  function seenThrough(of: Study, { intensity }: VolumeManifest): void {
    const recipe = JSON.stringify(intensity);
    if (of.recipe === recipe) return;
    of.reading.abort(new DOMException('Another model looks at the series', 'AbortError'));
    of.reading = new AbortController();
    of.read.clear();
    of.join = undefined;
    of.recipe = recipe;
  }

  function sourcesOf(of: Study, manifest: VolumeManifest): RegisteredSources {
    return {
      get: (signal) => unlessAborted(chosenOf(of, manifest), signal),
      onVerdicts(verdicts) {
        for (const verdict of verdicts) change(of, verdict.id, { verdict });
      },
    };
  }

  return {
    state,
    choices,
    problem,
    forget,
    choose(uid, chosen) {
      if (study === undefined) return;
      change(study, uid, { chosen, verdict: undefined });
      study.join = undefined;
      choices.set(choices.getState() + 1);
    },
    async prepare(manifest) {
      const of = current();
      if (of === undefined || viewer.readBeside === undefined || manifest.registered === undefined) return;
      seenThrough(of, manifest);
      await chosenOf(of, manifest);
    },
    join(manifest) {
      const of = current();
      if (of === undefined || viewer.readBeside === undefined || manifest.registered === undefined) return undefined;
      seenThrough(of, manifest);
      // Known to be nobody's: the series that is segmented need not be shown by itself first.
      if (of.isListed && !state.getState().some(({ chosen }) => chosen)) return undefined;
      of.join ??= joinOf(sourcesOf(of, manifest));
      return of.join;
    },
  };
}

/** Fewer images than this are a scout. */
const LOCALIZER = 4;

function otherSeries(dataset: DicomDataset, open: string): OtherSeries | undefined {
  const seriesInstanceUID = text(dataset, Tag.SeriesInstanceUID);
  const modality = text(dataset, Tag.Modality) ?? '';
  const images = number(dataset, Tag.NumberOfSeriesRelatedInstances);
  if (seriesInstanceUID === undefined || seriesInstanceUID === open || !SEEN_MODALITIES.includes(modality))
    return undefined;
  // An enhanced object is one instance of many frames.
  if (images !== undefined && images > 1 && images < LOCALIZER) return undefined;
  const description = text(dataset, Tag.SeriesDescription);
  const reading = { kind: 'waiting' } as const;
  return { seriesInstanceUID, modality, description, images, chosen: false, reading, verdict: undefined };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
