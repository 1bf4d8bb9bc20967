import { ok, type Result } from '#core/result.ts';
import { checkGolden, type Golden } from './golden.ts';
import type { GoldenTolerance } from './manifest.ts';
import { checkPhantom } from './phantomCheck.ts';
import type { SamRuntime } from './samRuntime.ts';

export interface SelfCheck {
  readonly passed: boolean;
  /** Half a sentence for the reader. */
  readonly words: string;
}

/** What a backend must pass before it is used: the golden output where the model has one, else a disc that it must find. */
export async function selfCheck(runtime: SamRuntime, golden: Golden | undefined): Promise<Result<SelfCheck>> {
  const tolerance = runtime.manifest.golden?.tolerance;
  if (golden === undefined || tolerance === undefined) return checkPhantom(runtime);
  const checked = await checkGolden(runtime, golden, tolerance);
  if (!checked.ok) return checked;
  const { withinTolerance, worst } = checked.value;
  const words = withinTolerance ? 'the golden output was reproduced' : 'its output differs from the reference';
  return ok({ passed: withinTolerance, words: `${words} (${differences(worst, tolerance)})` });
}

const differences = (worst: GoldenTolerance, allowed: GoldenTolerance): string =>
  `embedding ${worst.embedding.toPrecision(2)} of ${allowed.embedding}, logits ${worst.logit.toPrecision(2)} of ${allowed.logit}, ` +
  `mask ${worst.maskPixels} of ${allowed.maskPixels} px, score ${worst.score.toPrecision(2)} of ${allowed.score}`;
