import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { assertNever } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { PlacedSegmentation, PlacingChoices, PlacingRefusal, SegmentationFormat } from '#extension-api';
import type { Shell } from '../shell/createShell.ts';
import { text } from '../text.ts';

/** Asks the reader for the choice that a refusal names; undefined where the reader wants none of it. */
export type AskChoice = (refusal: PlacingRefusal) => Promise<PlacingChoices | undefined>;

/** Half of the maximum: what most programs take, offered and not assumed. */
const HALF = 0.5;

/**
 * Places a segmentation, asking the reader for each choice that it needs, once.
 * @returns undefined where the reader declined
 */
export async function placeSegmentation(
  format: SegmentationFormat,
  bytes: Uint8Array,
  series: ImageSeries,
  ask: AskChoice,
): Promise<Result<PlacedSegmentation> | undefined> {
  let choices: PlacingChoices = {};
  for (;;) {
    const placed = format.decode(bytes, series, choices);
    if (placed.ok) return placed;
    const { choice } = placed.error;
    if (choice === undefined || choices[choice] !== undefined) return placed;
    const chosen = await ask(placed.error);
    if (chosen === undefined) return undefined;
    choices = { ...choices, ...chosen };
  }
}

/** The questions as dialogs of the shell. */
export const askInShell =
  (shell: Pick<Shell, 'ask' | 'askShare'>): AskChoice =>
  async (refusal) => {
    switch (refusal.choice) {
      case 'resample': {
        const { title, detail, go, stay } = text.series.resample;
        const agreed = await shell.ask({ title, detail: `${refusal.message} ${detail}`, go, stay });
        return agreed ? { resample: true } : undefined;
      }
      case 'fractionThreshold': {
        const fractionThreshold = await shell.askShare({ ...text.series.threshold, initial: HALF });
        return fractionThreshold === undefined ? undefined : { fractionThreshold };
      }
      case undefined:
        return undefined;
      default:
        return assertNever(refusal.choice);
    }
  };
