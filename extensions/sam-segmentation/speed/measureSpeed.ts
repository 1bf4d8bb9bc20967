import { ok, type Result } from '#core/result.ts';
import { median } from '#core/statistics/summary.ts';
import type { InferenceBackend } from '../inference/backends/backend.ts';
import { runtimeModel } from '../inference/runtimeModel.ts';
import { createSamRuntime } from '../inference/samRuntime.ts';
import { createVolumeRuntime } from '../inference/volumeRuntime.ts';
import { encoderInput } from '../preprocess/encoderInput.ts';
import { lesionFrame } from '../segmenter/lesionFrame.ts';
import type { JoinOthers } from '../segmenter/registeredSource.ts';
import { segmentLesion } from '../segmenter/segmentLesion.ts';
import { createSliceSegmenter } from '../segmenter/sliceSegmenter.ts';
import { createVolumeSegmenter } from '../segmenter/volumeSegmenter.ts';
import { withRegistered } from '../segmenter/withRegistered.ts';
import type { SpeedModels } from './readModels.ts';
import { BOX, FIRST, KEY, LAST, speedPhantom } from './speedPhantom.ts';

/** Milliseconds: the first time, with nothing warm, and the median of those after it. */
export interface ColdAndWarm {
  readonly cold: number;
  readonly warm: number;
}

/** One model on one backend. */
export interface BackendSpeed {
  readonly backend: string;
  readonly threads: number;
  /** Runtime and device. */
  readonly fingerprint: string;
  /** Both sessions made from files that are there, ms. */
  readonly load: number;
  /** A 512 x 512 slice to the encoder's input. */
  readonly preprocess: ColdAndWarm;
  readonly encode: ColdAndWarm;
  readonly decode: ColdAndWarm;
  /** Per slice of a lesion of {@link BackendSpeed.slices} slices, all that a propagation does; warm: embeddings are there. */
  readonly propagation: ColdAndWarm;
  readonly slices: number;
  /** The whole lesion by the volume model, with what it takes to look at it; its session apart. */
  readonly volume: ColdAndWarm & { readonly load: number };
  /** The same where another series of the study is looked at too. */
  readonly twoSeries: ColdAndWarm;
  readonly runs: number;
}

export interface SpeedSettings {
  /** Repetitions after the first time. */
  readonly runs: number;
}

/** Room for the embeddings of the whole lesion. */
const EMBEDDING_BYTES = 2 ** 28;

/** The same steps on every backend, so that their times can be put into a ratio. Errors of loading and running the model. */
export async function measureSpeed(
  { manifest, graphs, volume }: SpeedModels,
  backend: InferenceBackend,
  { runs }: SpeedSettings,
): Promise<Result<BackendSpeed>> {
  const whole = await measureVolume(volume, backend, runs);
  if (!whole.ok) return whole;
  const startedAt = performance.now();
  const runtime = await createSamRuntime(manifest, graphs, backend);
  if (!runtime.ok) return runtime;
  const load = performance.now() - startedAt;
  const model = runtimeModel(runtime.value, EMBEDDING_BYTES);
  try {
    const source = speedPhantom();
    const { input, region } = manifest;
    const frame = lesionFrame([BOX], { size: input.size, factor: region.factor });
    const slice = await source.slice(KEY);
    if (!slice.ok) return slice;
    const image = () => encoderInput(slice.value, source.window, frame, input);
    const preprocess = await timed(runs, async () => ok(image()));
    if (!preprocess.ok) return preprocess;
    const encode = await timed(runs, () => model.encode(image()));
    if (!encode.ok) return encode;
    const points = [
      { x: input.size / 4, y: input.size / 4, label: 2 },
      { x: (input.size * 3) / 4, y: (input.size * 3) / 4, label: 3 },
    ] as const;
    const decode = await timed(runs, () => model.decode(encode.value.last, { points }));
    if (!decode.ok) return decode;
    const segmenter = createSliceSegmenter(model, source, frame);
    const known = { keyframes: [{ k: KEY, box: BOX, points: [] }], first: FIRST, last: LAST };
    const propagation = await timed(1, () => segmentLesion(segmenter, known));
    if (!propagation.ok) return propagation;
    const slices = LAST - FIRST + 1;
    const { cold, warm } = propagation.value.times;
    return ok({
      backend: backend.name,
      threads: backend.threads,
      fingerprint: backend.fingerprint,
      load,
      preprocess: preprocess.value.times,
      encode: encode.value.times,
      decode: decode.value.times,
      propagation: { cold: cold / slices, warm: warm / slices },
      slices,
      volume: whole.value.one,
      twoSeries: whole.value.two,
      runs,
    });
  } finally {
    await model.dispose();
  }
}

async function measureVolume(
  { manifest, graph }: SpeedModels['volume'],
  backend: InferenceBackend,
  runs: number,
): Promise<Result<{ readonly one: BackendSpeed['volume']; readonly two: ColdAndWarm }>> {
  const startedAt = performance.now();
  const runtime = await createVolumeRuntime(manifest, graph, backend);
  if (!runtime.ok) return runtime;
  const load = performance.now() - startedAt;
  try {
    const source = speedPhantom();
    const other = { id: 'other', source, shift: { x: 0, y: 0 } };
    const key = { k: KEY, box: BOX, points: [] };
    const wholeLesion = (join?: JoinOthers) => {
      const segmenter = createVolumeSegmenter(runtime.value, source, join);
      return timed(runs, () => segmenter.run({ keyframes: [key] }, key, new Map()));
    };
    const one = await wholeLesion();
    if (!one.ok) return one;
    const two = await wholeLesion(withRegistered({ get: async () => [other] }));
    return two.ok ? ok({ one: { load, ...one.value.times }, two: two.value.times }) : two;
  } finally {
    await runtime.value.dispose();
  }
}

async function timed<T>(
  runs: number,
  work: () => Promise<Result<T>>,
): Promise<Result<{ readonly times: ColdAndWarm; readonly last: T }>> {
  const times: number[] = [];
  for (;;) {
    const startedAt = performance.now();
    const done = await work();
    if (!done.ok) return done;
    times.push(performance.now() - startedAt);
    if (times.length > runs) return ok({ times: { cold: times[0]!, warm: median(times.slice(1)) }, last: done.value });
  }
}
