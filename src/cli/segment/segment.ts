import { writeFile } from 'node:fs/promises';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { appError } from '#core/errors.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import {
  boxOnImage,
  createSliceSegmenter,
  type Keyframe,
  type Knowledge,
  type Lesion,
  type LesionEvent,
  lesionFrame,
  propagateLesion,
  type RegisteredVerdict,
  type SliceSource,
  stopReasonText,
} from '../../../extensions/sam-segmentation/node.ts';
import { type Models, openModels, volumeSegmenterFor } from '../model.ts';
import { dicomSource } from '../series/dicomSource.ts';
import { type CompanionSource, readRegistered } from '../series/readRegistered.ts';
import { readSeries } from '../series/readSeries.ts';
import { isUid, type SegmentOptions } from './options.ts';
import { segmentationFile } from './segmentation.ts';
import { storeAndProve } from './storeAndProve.ts';

/** What `segment` tells when it has succeeded; volumes in ml, areas in mm². */
export interface SegmentReport {
  readonly out: string;
  /** The archive named in the options was asked for the object, and gave back the same content. */
  readonly stored: boolean;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly model: string;
  readonly window: { readonly lower: number; readonly upper: number; readonly source: string };
  /** Other series that were looked at, with the expected Dice of what was found in them. */
  readonly also: readonly { readonly series: string; readonly score: number | null; readonly counted: boolean }[];
  readonly volumeMl: number;
  readonly slices: readonly {
    readonly k: number;
    readonly area: number;
    readonly score: number | null;
    readonly origin: string;
  }[];
  readonly ends: readonly {
    readonly direction: string;
    readonly k: number;
    readonly reason: string;
    readonly text: string;
  }[];
  readonly seconds: number;
}

/** Boxes in, a DICOM Segmentation out, with the model that the options name. @param onSlice progress, a line per slice */
export async function segment(
  options: SegmentOptions,
  onSlice: (text: string) => void,
): Promise<Result<SegmentReport>> {
  const models = await openModels(options);
  if (!models.ok) return models;
  try {
    return await segmentWith(models.value, options, onSlice);
  } finally {
    await models.value.dispose();
  }
}

/**
 * The same with models that are open already.
 * @returns errors of reading the series, of the model and of writing; `empty-lesion` where nothing was found
 */
export async function segmentWith(
  models: Pick<Models, 'prompting' | 'propagating'>,
  options: SegmentOptions,
  onSlice: (text: string) => void,
): Promise<Result<SegmentReport>> {
  const startedAt = performance.now();
  const { prompting, propagating } = models;
  const { manifest } = prompting;
  const manifests = [manifest, ...(propagating === undefined ? [] : [propagating.manifest])];
  const files = await readSeries(options.dicom, options.series);
  if (!files.ok) return files;
  const source = dicomSource(files.value, manifest);
  if (!source.ok) return source;
  const knowledge = knowledgeOf(options, files.value.series, source.value);
  if (!knowledge.ok) return knowledge;

  const registered = await otherSeries(models, options, files.value.series);
  if (!registered.ok) return registered;
  let verdicts: readonly RegisteredVerdict[] = [];

  const boxes = knowledge.value.keyframes.map(({ box }) => box);
  const frame = lesionFrame(boxes, { size: manifest.input.size, factor: manifest.region.factor });
  const engine = {
    segmenter: createSliceSegmenter(prompting, source.value, frame),
    volume: volumeSegmenterFor(models, source.value, registered.value, (said) => {
      verdicts = said;
    }),
  };
  const lesion = await propagateLesion(engine, knowledge.value, {
    onEvent: (event) => linesOf(event).forEach(onSlice),
  });
  if (!lesion.ok) return lesion;
  const masks: ReadonlyMap<number, SliceMask> = new Map([...lesion.value.slices].map(([k, { mask }]) => [k, mask]));
  if (masks.size === 0) {
    return err(
      appError('empty-lesion', 'The model found nothing in the box.', {
        remedy: 'Draw the box anew, closer to the lesion.',
      }),
    );
  }
  const heard = registered.value.filter(({ id }) => verdicts.some((verdict) => verdict.id === id && verdict.counted));
  const alsoSeen = heard.length === 0 ? '' : `, also seen in ${heard.map(({ modality }) => modality).join(' and ')}`;
  const written = segmentationFile({
    series: files.value.series,
    masks,
    label: options.label,
    modelName: manifests.map(({ name }) => name).join(' + '),
    modelVersion: manifests.map(({ version }) => version).join(' + '),
    parameters: `${boxes.length} box${boxes.length === 1 ? '' : 'es'}, ${masks.size} slices, node${alsoSeen}`,
    now: new Date(),
  });
  if (!written.ok) return written;
  const out = options.out ?? `${options.label.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}.dcm`;
  const saved = await save(out, written.value.bytes);
  if (!saved.ok) return saved;
  const { sopInstanceUID, seriesInstanceUID } = written.value;
  if (options.store !== undefined) {
    const stored = await storeAndProve(options.store, {
      ...written.value,
      studyInstanceUID: files.value.series.studyInstanceUID,
    });
    if (!stored.ok) return stored;
  }
  return ok({
    out,
    stored: options.store !== undefined,
    sopInstanceUID,
    seriesInstanceUID,
    model: manifests.map(({ id, version }) => `${id} ${version}`).join(' + '),
    window: source.value.window,
    also: verdicts.map(({ id, score, counted }) => ({ series: id, score: score ?? null, counted })),
    ...described(lesion.value, source.value),
    seconds: (performance.now() - startedAt) / 1000,
  });
}

/** The other series that the options name. */
async function otherSeries(
  { propagating }: Pick<Models, 'propagating'>,
  { also, dicom }: SegmentOptions,
  beside: ImageSeries,
): Promise<Result<readonly CompanionSource[]>> {
  if (also.length === 0) return ok([]);
  if (propagating?.manifest.registered === undefined) {
    return err(
      appError('no-say', 'The model that propagates looks at one series alone.', {
        remedy: 'Leave out --also, or choose another model with --propagation.',
      }),
    );
  }
  const sources: CompanionSource[] = [];
  for (const name of also) {
    const [folder, uid] = isUid(name) ? [dicom, name] : [name, undefined];
    const read = await readRegistered(folder, uid, beside, propagating.manifest);
    if (!read.ok) return read;
    sources.push(read.value);
  }
  return ok(sources);
}

function linesOf(event: LesionEvent): readonly string[] {
  if (event.kind === 'stop') {
    return [`${event.direction} ends at slice ${event.end.k}: ${stopReasonText(event.end.reason)}`];
  }
  const slices = event.kind === 'slice' ? [event.slice] : event.slices;
  return slices.map(({ k, area }) => `slice ${k}: ${(area / 100).toFixed(2)} cm²`);
}

function knowledgeOf({ boxes, range }: SegmentOptions, series: ImageSeries, source: SliceSource): Result<Knowledge> {
  const keyframes: Keyframe[] = [];
  for (const { slice, box } of boxes) {
    const k = /^\d+$/.test(slice) ? Number(slice) : series.frames.findIndex((frame) => frame.sopInstanceUID === slice);
    if (k < 0 || k >= series.frames.length) {
      return err(
        appError('slice-outside-stack', 'The series does not hold the slice named.', {
          remedy: `Use 0 to ${series.frames.length - 1}, or a SOP Instance UID of the series.`,
        }),
      );
    }
    const kept = boxOnImage(box, source);
    if (!kept.ok) return kept;
    keyframes.push({ k, box: kept.value, points: [] });
  }
  return ok({ keyframes, ...range });
}

function described({ slices, ends }: Lesion, { geometry: { positions } }: SliceSource) {
  const sorted = [...slices.values()].sort((a, b) => a.k - b.k);
  const thickness = (k: number): number => {
    const [below, above] = [positions[k - 1], positions[k + 1]];
    const here = positions[k]!;
    if (below === undefined || above === undefined) return Math.abs((above ?? here) - (below ?? here));
    return (above - below) / 2;
  };
  return {
    volumeMl: sorted.reduce((sum, { k, area }) => sum + area * thickness(k), 0) / 1000,
    slices: sorted.map(({ k, area, score, origin }) => ({ k, area, score: score ?? null, origin })),
    ends: Object.entries(ends).map(([direction, { k, reason }]) => ({
      direction,
      k,
      reason,
      text: stopReasonText(reason),
    })),
  };
}

async function save(path: string, bytes: Uint8Array): Promise<Result<void>> {
  try {
    await writeFile(path, bytes);
    return ok(undefined);
  } catch (cause) {
    return err(
      appError('not-written', `${path} could not be written.`, { remedy: 'Choose another file with --out.', cause }),
    );
  }
}
