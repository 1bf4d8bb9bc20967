import type { StudySource } from '#extension-api';
import type { Thumbnail, Viewer } from '#viewer';

/** Requests at one time: pictures must not keep the slices of the open series waiting. */
const PARALLEL = 2;
/** Pictures kept, of 50 kB each at most. */
const KEPT = 120;

export interface SeriesName {
  readonly source: StudySource;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
}

/** Pictures of series, in memory only: they derive from a patient's pixels. */
export interface Thumbnails {
  /** @returns undefined where there is none to be had. A cancelled call rejects with `signal.reason`. */
  get(series: SeriesName, signal: AbortSignal): Promise<Thumbnail | undefined>;
  /** Where it is there already. */
  peek(series: SeriesName): Thumbnail | undefined;
}

export function createThumbnails(viewer: Pick<Viewer, 'thumbnail'>): Thumbnails {
  const sources = new WeakMap<StudySource, Map<string, Thumbnail>>();
  const order: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;

  const known = ({ source }: SeriesName): Map<string, Thumbnail> => {
    const map = sources.get(source) ?? new Map<string, Thumbnail>();
    sources.set(source, map);
    return map;
  };

  function keep(series: SeriesName, thumbnail: Thumbnail): void {
    const map = known(series);
    map.set(series.seriesInstanceUID, thumbnail);
    order.push(() => map.delete(series.seriesInstanceUID));
    if (order.length > KEPT) order.shift()?.();
  }

  /** The one asked for last comes first: it is what the reader looks at now. */
  async function turn(signal: AbortSignal): Promise<void> {
    if (running < PARALLEL) {
      running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener('abort', stop);
        running += 1;
        resolve();
      };
      const stop = (): void => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal.reason);
      };
      waiting.push(start);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  return {
    peek: (series) => known(series).get(series.seriesInstanceUID),
    async get(series, signal) {
      signal.throwIfAborted();
      await turn(signal);
      try {
        const here = known(series).get(series.seriesInstanceUID);
        if (here !== undefined) return here;
        const { source, studyInstanceUID, seriesInstanceUID } = series;
        const made = await viewer.thumbnail(source, studyInstanceUID, seriesInstanceUID, { signal });
        if (!made.ok) return undefined;
        keep(series, made.value);
        return made.value;
      } finally {
        running -= 1;
        waiting.pop()?.();
      }
    },
  };
}
