import { ok, type Result } from '#core/result.ts';
import { cancelled } from '../inference/failures.ts';
import type { InferenceOptions } from '../inference/model.ts';
import type { VolumeModel } from '../inference/volumeModel.ts';
import type { VolumeAnswer } from '../volume/answer.ts';
import { expectedDice, jointAnswer, type SeriesAnswer } from '../volume/jointAnswer.ts';
import { regionOfSeries } from './regionOfSeries.ts';
import type {
  JoinOthers,
  JointAnswer,
  RegionQuestion,
  RegisteredSource,
  RegisteredSources,
  RegisteredVerdict,
} from './registeredSource.ts';

/** Lets other series have a say. */
export const withRegistered =
  (sources: RegisteredSources): JoinOthers =>
  (...asked) =>
    joined(sources, ...asked);

/**
 * Looks at the same region, with the same prompts, in other series, and takes the mean of all that see the lesion well enough: those
 * whose expected Dice reaches what the manifest asks for. One that cannot be read is passed over and told of.
 * @param own answer for the series that is segmented
 * @returns errors of the model; `cancelled`
 */
async function joined(
  { get, onVerdicts }: RegisteredSources,
  model: VolumeModel,
  own: VolumeAnswer,
  question: RegionQuestion,
  options: InferenceOptions,
): Promise<Result<JointAnswer>> {
  const sources = await get(options.signal);
  const heard: SeriesAnswer[] = [];
  const verdicts: RegisteredVerdict[] = [];
  for (const source of sources) {
    const seen = await answerOf(model, source, question, options);
    if (options.signal?.aborted) return { ok: false, error: cancelled() };
    if (!seen.ok) return seen;
    const { verdict, answer } = seen.value;
    verdicts.push(verdict);
    if (verdict.counted && answer !== undefined) heard.push(answer);
  }
  onVerdicts?.(verdicts);
  return ok({ answer: heard.length === 0 ? own : jointAnswer(own, heard, question.region), verdicts });
}

interface Seen {
  readonly verdict: RegisteredVerdict;
  /** Absent where the model was not asked. */
  readonly answer?: SeriesAnswer;
}

async function answerOf(
  model: VolumeModel,
  { id, source, shift }: RegisteredSource,
  { region, prompt }: RegionQuestion,
  options: InferenceOptions,
): Promise<Result<Seen>> {
  const { region: recipe, registered, prompt: asked } = model.manifest;
  const there = { ...region, x: region.x + shift.x, y: region.y + shift.y };
  const image = await regionOfSeries(source, there, recipe.pooling.largestFactor, options);
  if (!image.ok) return ok({ verdict: { id, score: undefined, counted: false, error: image.error } });
  const { inside } = image.value;
  const cells = region.size ** 2;
  const onKey = inside.subarray(region.keySample * cells, (region.keySample + 1) * cells);
  if (!onKey.includes(1)) return ok({ verdict: { id, score: undefined, counted: false } });
  // One look: the series that is segmented has had two, and each further one costs as much again.
  const answer = await model.run({ ...image.value, inside: inside.slice(), region, prompt, once: true }, options);
  if (!answer.ok) return answer;
  const seen = { answer: answer.value, inside };
  const score = expectedDice(seen, region, asked.maskThreshold);
  return ok({ verdict: { id, score, counted: score >= (registered?.leastScore ?? 1) }, answer: seen });
}
