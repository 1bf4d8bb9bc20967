import { z } from 'zod';

const ms = z.number().min(0);
const coldAndWarm = z.object({ cold: ms, warm: ms });

/** Milliseconds, and MiB of memory where the platform tells. */
export const measuredSpeed = z.object({
  backend: z.string(),
  threads: z.int().min(1),
  fingerprint: z.string(),
  load: ms,
  preprocess: coldAndWarm,
  encode: coldAndWarm,
  decode: coldAndWarm,
  /** Per slice. */
  propagation: coldAndWarm,
  slices: z.int(),
  /** The whole lesion in one run. */
  volume: coldAndWarm.extend({ load: ms }),
  /** The same where another series of the study is looked at too. */
  twoSeries: coldAndWarm,
  runs: z.int(),
  memory: z.number().nullable(),
});

const longTask = z.object({
  /** ms. */
  duration: ms,
  /** Scripts that ran in it, as far as Chromium tells: file, function and milliseconds. */
  scripts: z.array(z.string()),
});

/** A propagation in the real application. */
const run = z.object({
  /** Seconds from the end of the box until a mask is shown on its slice, */
  firstMask: z.number(),
  /** until one is shown on every slice of the lesion, */
  wholeLesion: z.number(),
  /** and until the lesion is offered for acceptance. */
  seconds: z.number(),
  /** Tasks of 50 ms and more (Long Tasks API), the longest first, ten at most. */
  longTasks: z.array(longTask),
  longTaskCount: z.int(),
});

const application = z.object({
  backend: z.string(),
  /** That the propagation made. */
  slices: z.int(),
  /** In a fresh page, loading both models. */
  cold: run,
  /** With Enter as soon as a mask is seen. */
  warm: run,
});

/** What `bench speed --json` writes. */
export const speedReport = z.object({
  format: z.literal('voxprompt-bench-speed'),
  version: z.literal(4),
  models: z.array(z.string()),
  cores: z.int(),
  backends: z.array(
    z.union([
      z.object({ name: z.string(), speed: measuredSpeed }),
      /** Why it is not there. */
      z.object({ name: z.string(), absent: z.string() }),
    ]),
  ),
  application: z.union([application, z.object({ absent: z.string() })]).nullable(),
});

export type SpeedReport = Readonly<z.infer<typeof speedReport>>;
export type Measured = SpeedReport['backends'][number];
export type ApplicationSpeed = z.infer<typeof application>;
