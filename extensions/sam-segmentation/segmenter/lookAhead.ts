import type { SliceSegmenter } from './sliceSegmenter.ts';

/** Encodes slices before they are needed, where several travel together (an inference server); else does nothing. */
export interface LookAhead {
  /** @param next slices that will probably be needed, soonest first */
  towards(next: readonly number[]): void;
  /** Gives up what is still under way. */
  end(): void;
}

/** The next slices are asked for while there are still as many as this: the server works while these are decoded. */
const SPARE = 2;

/** Asks for as many slices as travel together, again when all but a few of them are used up. */
export function lookAhead(segmenter: SliceSegmenter, signal: AbortSignal | undefined): LookAhead {
  const asked = new Set<number>();
  const given = new AbortController();
  const giveUp = (): void => given.abort(signal?.reason);
  signal?.addEventListener('abort', giveUp);
  if (signal?.aborted) giveUp();
  return {
    towards(next) {
      const together = segmenter.encodesTogether();
      if (together < 2 || next.filter((k) => asked.has(k)).length > SPARE) return;
      for (const k of next.filter((each) => !asked.has(each)).slice(0, together)) {
        asked.add(k);
        // What fails is asked for again when it is needed, and fails there.
        segmenter.prepare(k, { signal: given.signal, priority: 'propagation' }).catch(() => undefined);
      }
    },
    end() {
      signal?.removeEventListener('abort', giveUp);
      given.abort(new Error('no longer needed'));
    },
  };
}
