import { appError } from '#core/errors.ts';
import { err } from '#core/result.ts';
import { text } from '../text.ts';
import type { Companion } from '../viewer.ts';
import type { PaneState } from '../viewerState.ts';
import type { OpenSlices } from './openSlices.ts';
import type { SeriesLife } from './seriesLife.ts';

/** The second series of the pair, which may only be one beside the first: same study, another series. */
export function createCompanion(
  state: PaneState,
  life: SeriesLife,
  beside: () => OpenSlices | undefined,
): Companion & { readonly fits: () => boolean } {
  const fits = (): boolean => {
    const [first, second] = [beside()?.series, life.slices()?.series];
    return (
      first !== undefined &&
      first.studyInstanceUID === second?.studyInstanceUID &&
      first.seriesInstanceUID !== second.seriesInstanceUID
    );
  };
  return {
    ...state,
    fits,
    close: life.close,
    open: async (source, studyInstanceUID, seriesInstanceUID, options) => {
      const first = beside()?.series;
      if (first === undefined || first.studyInstanceUID !== studyInstanceUID) {
        return err(appError('other-study', text.otherStudy, { remedy: text.otherStudyRemedy }));
      }
      if (first.seriesInstanceUID === seriesInstanceUID) return err(appError('same-series', text.sameSeries));
      const opened = await life.open(source, studyInstanceUID, seriesInstanceUID, options);
      if (!opened.ok || fits()) return opened;
      life.close();
      throw new DOMException('The series beside it was closed', 'AbortError');
    },
  };
}
