import { type AppError, appError, describeThrown } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { VolumeAnswer } from '../volume/answer.ts';
import type { VolumeInput } from '../volume/channels.ts';
import type { HostPorts } from './host.ts';
import { readGraphFiles } from './modelFiles.ts';
import type { SkippedBackends, StartVolumeMessage } from './protocol.ts';
import { selectBackend } from './selectBackend.ts';
import { checkVolumeGolden, readVolumeGolden } from './volumeGolden.ts';
import { parseVolumeManifest, type VolumeManifest, type VolumeTolerance } from './volumeManifest.ts';
import { createVolumeRuntime, type VolumeRuntime } from './volumeRuntime.ts';

interface Loaded {
  readonly start: StartVolumeMessage;
  readonly manifest: VolumeManifest;
  readonly runtime: VolumeRuntime;
}

/** The volume model in the inference worker, beside the promptable one: its own backend, the same queue. */
export class VolumeHost {
  readonly #ports: Pick<HostPorts, 'post' | 'backends' | 'readText' | 'filesAt'>;
  #loaded: Loaded | undefined;
  #skip: SkippedBackends = {};

  constructor(ports: Pick<HostPorts, 'post' | 'backends' | 'readText' | 'filesAt'>) {
    this.#ports = ports;
  }

  /**
   * Loads, checks and answers `volume-ready` or `volume-start-failed`; never rejects.
   * @param queued runs work when no other model runs: files are read before that, so that a prompt does not wait for a download
   */
  async start(start: StartVolumeMessage, queued: (work: () => Promise<void>) => void): Promise<void> {
    const { post, readText } = this.#ports;
    this.#skip = start.skip;
    const failed = (error: AppError): void => post({ type: 'volume-start-failed', error });
    const guarded = (work: () => Promise<void>): Promise<void> =>
      work().catch((cause: unknown) =>
        failed(
          appError('inference-failed', 'The volume model stopped unexpectedly.', { cause: describeThrown(cause) }),
        ),
      );
    await guarded(async () => {
      const text = await readText(start.manifestUrl);
      if (!text.ok) return failed(text.error);
      const manifest = parseVolumeManifest(
        text.value,
        new URL(start.manifestUrl).pathname.split('/').slice(-2).join('/'),
      );
      if (!manifest.ok) return failed(manifest.error);
      const load = this.#loader(start, manifest.value);
      await Promise.all([load.golden(), load.graphs()]);
      queued(() =>
        guarded(async () => {
          const selected = await this.#select(start, manifest.value, load);
          if (!selected.ok) return failed(selected.error);
          this.#loaded = { start, manifest: manifest.value, runtime: selected.value.runtime };
          post({ type: 'volume-ready', manifest: manifest.value, report: selected.value.report });
        }),
      );
    });
  }

  /** Runs on the present backend, and once more on the next one when the device was lost. */
  async run(input: VolumeInput): Promise<Result<VolumeAnswer>> {
    const loaded = this.#loaded;
    if (loaded === undefined) return err(appError('inference-failed', 'The volume model has not been started.'));
    const { lost } = loaded.runtime.backend;
    const result = loaded.runtime.run(input);
    if (lost === undefined) return result;
    const announced = lost.then((reason) => ({ lostBecause: reason }));
    const first = await Promise.race([announced, result]);
    // A loss often fails the run first and is announced after, so give the announcement a turn.
    const pause = new Promise<Result<VolumeAnswer>>((resolve) => setTimeout(() => resolve(result), 50));
    const settled = 'ok' in first && !first.ok ? await Promise.race([announced, pause]) : first;
    if (!('lostBecause' in settled)) return settled;
    const moved = await this.#moveFrom(loaded, settled.lostBecause);
    return moved.ok ? moved.value.run(input) : moved;
  }

  async #moveFrom({ start, manifest, runtime }: Loaded, reason: string): Promise<Result<VolumeRuntime>> {
    this.#skip = { ...this.#skip, [runtime.backend.name]: `The graphics device was lost (${reason}).` };
    await runtime.dispose().catch(() => undefined);
    const selected = await this.#select(start, manifest);
    if (!selected.ok) return selected;
    this.#loaded = { start, manifest, runtime: selected.value.runtime };
    this.#ports.post({ type: 'volume-backend-changed', report: selected.value.report });
    return ok(selected.value.runtime);
  }

  /** Reads the model's files, once for all backends that are tried. */
  #loader(start: StartVolumeMessage, manifest: VolumeManifest) {
    const { post, filesAt } = this.#ports;
    const read = filesAt(start.manifestUrl);
    const onProgress = (bytes: { loaded: number; total: number }): void =>
      post({ type: 'volume-progress', progress: { stage: 'download', ...bytes } });
    // The expanded weights are kept only for the time of the selection.
    let golden: ReturnType<typeof readVolumeGolden> | undefined;
    let graphs: ReturnType<typeof readGraphFiles> | undefined;
    return {
      golden: () => (golden ??= readVolumeGolden(manifest, read)),
      graphs: () => (graphs ??= readGraphFiles(manifest.files, read, { onProgress })),
    };
  }

  #select(start: StartVolumeMessage, manifest: VolumeManifest, load = this.#loader(start, manifest)) {
    const { post, backends } = this.#ports;
    return selectBackend({
      manifest,
      candidates: backends.map((backend) => ({ ...backend, skip: this.#skip[backend.name] })),
      trusted: start.trusted,
      onAttempt: (backend) => post({ type: 'volume-progress', progress: { stage: 'backend', backend } }),
      load,
      // No backend of this model is elsewhere, so the graphs are here.
      create: (loaded, backend) => createVolumeRuntime(manifest, loaded!.get('volume')!, backend),
      async check(runtime: VolumeRuntime, expected) {
        const checked = await checkVolumeGolden(runtime, expected);
        if (!checked.ok) return checked;
        const { withinTolerance, worst } = checked.value;
        const words = withinTolerance ? 'the golden output was reproduced' : 'its output differs from the reference';
        return ok({ passed: withinTolerance, words: `${words} (${differences(worst, manifest.golden.tolerance)})` });
      },
    });
  }
}

const differences = (worst: VolumeTolerance, allowed: VolumeTolerance): string =>
  `channels ${worst.channel.toPrecision(2)} of ${allowed.channel}, logits ${worst.logit.toPrecision(2)} of ${allowed.logit}, ` +
  `mask ${worst.maskVoxels} of ${allowed.maskVoxels} voxels, score ${worst.score.toPrecision(2)} of ${allowed.score}`;
