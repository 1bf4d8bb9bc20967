import type { Host } from '#extension-api';
import { EVERYTHING } from '../propagation/scope.ts';
import type { SamSession } from './session.ts';
import { isSamTool } from './toolNames.ts';

/** A slice at which the reader stays this long is one that may be prompted, ms. */
const REST_MS = 200;

/**
 * Works ahead while a prompt tool is active: loads model and window at once, and encodes the slice that comes to rest as soon as
 * a box has said which region. Nothing is loaded for a reader who never takes the tool.
 */
export function prefetchAtRest(host: Host, session: SamSession): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let encoding = new AbortController();

  /** Whole series are long to read, so ahead of the first box. */
  const prepareOthers = async (): Promise<void> => {
    const { others, volume } = session.segmenter;
    const helper = others === undefined ? undefined : await volume.get();
    if (helper !== undefined) await others?.prepare(helper.manifest);
  };

  const prefetch = async (k: number, signal: AbortSignal): Promise<void> => {
    const model = await session.segmenter.get();
    if (!model.ok || signal.aborted || host.viewer.openSeries.getState() === undefined) return;
    void prepareOthers();
    const window = await session.window.get(signal);
    const { lesion } = session.state.getState();
    if (!window.ok || signal.aborted || (lesion.phase !== 'prompting' && lesion.phase !== 'reviewing')) return;
    await model.value.prefetch(
      { prompts: lesion.prompts, window: window.value, region: 'kept', scope: EVERYTHING, seen: new Map() },
      k,
      signal,
    );
  };

  const restart = (): void => {
    clearTimeout(timer);
    encoding.abort(new DOMException('Another slice is wanted.', 'AbortError'));
    if (!isSamTool(host.viewer.activeTool.getState()) || session.state.getState().ground.kind !== 'open') return;
    encoding = new AbortController();
    const { signal } = encoding;
    timer = setTimeout(() => {
      // Failures show where the model and the window show theirs; a prefetch has nothing to add.
      prefetch(host.viewer.currentSlice.getState(), signal).catch(() => undefined);
    }, REST_MS);
  };

  const ends = [
    host.viewer.currentSlice.subscribe(restart),
    host.viewer.activeTool.subscribe(restart),
    host.viewer.openSeries.subscribe(restart),
  ];
  return () => {
    clearTimeout(timer);
    encoding.abort();
    for (const end of ends) end();
  };
}
