import { describe, expect, it, vi } from 'vitest';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import { type ImageSeries, imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BesideSeries, CallOptions, OpenSeries, StudySource } from '#extension-api';
import type { RegisteredSources } from '../segmenter/registeredSource.ts';
import { brightVolumeModel } from '../segmenter/testing/brightVolumeModel.ts';
import { withRegistered } from '../segmenter/withRegistered.ts';
import { createOtherSeries } from './otherSeries.ts';
import { writableState } from './writableState.ts';

const tag = (vr: string, ...Value: unknown[]) => ({ vr, Value });

/** Headers of a series of six slices; the first pixel lies at `x`. */
const headers = (uid: string, { frame = '1.9', x = 0, direction = [1, 0, 0, 0, 1, 0] } = {}): readonly DicomDataset[] =>
  Array.from({ length: 6 }, (_, k) => ({
    '00080016': tag('UI', '1.2.840.10008.5.1.4.1.1.4'),
    '00080018': tag('UI', `${uid}.${k + 1}`),
    '00080060': tag('CS', uid.startsWith('1.1') ? 'CT' : 'MR'),
    '0020000D': tag('UI', '1'),
    '0020000E': tag('UI', uid),
    '00200032': tag('DS', x, 0, 3 * k),
    '00200037': tag('DS', ...direction),
    '00200052': tag('UI', frame),
    '00280010': tag('US', 4),
    '00280011': tag('US', 4),
    '00280030': tag('DS', 2, 2),
  }));

const listed = (uid: string, modality: string, images: number): DicomDataset => ({
  '00080060': tag('CS', modality),
  '0008103E': tag('LO', `series ${uid}`),
  '0020000E': tag('UI', uid),
  '00201209': tag('IS', images),
});

const manifest = { ...brightVolumeModel().manifest, registered: { leastScore: 0.8 } };

function setUp(
  inStudy = [listed('1.1', 'CT', 6), listed('2.1', 'MR', 6), listed('2.2', 'MR', 5), listed('3', 'SEG', 1)],
) {
  const series = imageSeriesOf(headers('1.1'));
  if (!series.ok) throw new Error(series.error.message);
  const found: Record<string, readonly DicomDataset[]> = {
    '2.1': headers('2.1', { x: -8 }),
    '2.2': headers('2.2', { frame: '1.8' }),
    '2.3': headers('2.3', { direction: [0, 1, 0, -1, 0, 0] }),
  };
  const source = {
    listSeries: vi.fn<StudySource['listSeries']>(async () => ok(inStudy)),
    seriesHeaders: vi.fn<StudySource['seriesHeaders']>(async (_, uid) =>
      found[uid] === undefined ? err(appError('http', 'The archive does not answer.')) : ok(found[uid]),
    ),
  };
  const open = { series: series.value, source, imageIds: [] } as unknown as OpenSeries;
  const openSeries = writableState<OpenSeries | undefined>(open);
  const release = vi.fn();
  const readBeside = vi.fn(
    async (
      _: StudySource,
      of: ImageSeries,
      { onProgress, signal }: CallOptions = {},
    ): Promise<Result<BesideSeries>> => {
      onProgress?.(3, of.frames.length);
      signal?.addEventListener('abort', release);
      return ok({ slicePixels: async () => ok({ columns: 4, rows: 4, values: new Float32Array(16) }), release });
    },
  );
  const joins: RegisteredSources[] = [];
  const others = createOtherSeries({ openSeries, readBeside }, (sources) => {
    joins.push(sources);
    return withRegistered(sources);
  });
  const seen = () =>
    others.state.getState().map(({ seriesInstanceUID, chosen, reading }) => [seriesInstanceUID, chosen, reading.kind]);
  const read = (signal?: AbortSignal) => {
    others.join(manifest);
    return joins.at(-1)!.get(signal);
  };
  return { others, openSeries, source, readBeside, release, found, seen, read, joins };
}

describe('the other series of the open study', () => {
  it('are listed once, and one of each other modality is chosen and read ahead of the first box', async () => {
    const { others, seen, source } = setUp([
      listed('1.1', 'CT', 6),
      listed('1.2', 'CT', 6),
      listed('2.1', 'MR', 6),
      listed('2.2', 'MR', 5),
      listed('2.9', 'MR', 3),
      listed('3', 'SEG', 1),
    ]);
    await Promise.all([others.prepare(manifest), others.prepare(manifest)]);
    expect(seen()).toEqual([
      ['1.2', false, 'waiting'],
      ['2.1', true, 'ready'],
      ['2.2', false, 'waiting'],
    ]);
    expect(source.listSeries).toHaveBeenCalledTimes(1);
  });

  it('are read when they are wanted, each once, and say where they lie', async () => {
    const { read, seen, readBeside, others, joins } = setUp();
    const [source] = await read();
    expect(source).toMatchObject({
      id: '2.1',
      shift: { x: 8, y: 0 },
      source: { columns: 4, geometry: { columnSpacing: 2 } },
    });
    expect(source!.source.geometry.positions).toEqual([0, 3, 6, 9, 12, 15]);
    await read();
    expect(readBeside).toHaveBeenCalledTimes(1);
    expect(seen()[0]).toEqual(['2.1', true, 'ready']);
    joins[0]!.onVerdicts!([{ id: '2.1', score: 0.9, counted: true }]);
    expect(others.state.getState()[0]!.verdict).toMatchObject({ counted: true });
  });

  it('have no say from another frame of reference, or with slices that are not parallel', async () => {
    const { read, others, readBeside } = setUp([
      listed('2.1', 'MR', 6),
      listed('2.2', 'MR', 6),
      listed('2.3', 'MR', 6),
    ]);
    await others.prepare(manifest);
    for (const uid of ['2.2', '2.3']) others.choose(uid, true);
    others.choose('2.1', false);
    expect(await read()).toEqual([]);
    expect(
      others.state
        .getState()
        .slice(1)
        .map(({ reading }) => reading),
    ).toEqual([
      { kind: 'apart', reason: 'other-frame' },
      { kind: 'apart', reason: 'not-parallel' },
    ]);
    expect(readBeside.mock.calls.map(([, series]) => series.seriesInstanceUID)).toEqual(['2.1']);
  });

  it('are asked anew after a choice, and only then', async () => {
    const { others, read } = setUp();
    await others.prepare(manifest);
    const before = others.join(manifest);
    expect(others.join(manifest)).toBe(before);
    const { getState } = others.choices;
    const turn = getState();
    others.choose('2.1', false);
    expect(getState()).toBe(turn + 1);
    // None is left that could have a say.
    expect(others.join(manifest)).toBeUndefined();
    others.choose('2.2', true);
    expect(others.join(manifest)).not.toBe(before);
    expect(await read()).toEqual([]);
  });

  it('that cannot be read are told of and left out, and tried again with the next run', async () => {
    const { read, others, found } = setUp();
    const kept = found['2.1']!;
    delete found['2.1'];
    expect(await read()).toEqual([]);
    expect(others.state.getState()[0]!.reading).toMatchObject({
      kind: 'failed',
      error: { message: 'The archive does not answer.' },
    });
    found['2.1'] = kept;
    expect(await read()).toHaveLength(1);
  });

  it('do not hold up whoever does not wait any more, and are read to the end for the next', async () => {
    const { read, readBeside } = setUp();
    let goOn = (): void => {};
    const whole = readBeside.getMockImplementation()!;
    readBeside.mockImplementation(async (...call) => {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      return whole(...call);
    });
    const controller = new AbortController();
    const impatient = read(controller.signal);
    await vi.waitFor(() => expect(readBeside).toHaveBeenCalled());
    controller.abort(new Error('another box'));
    await expect(impatient).rejects.toThrow('another box');
    const patient = read();
    goOn();
    expect(await patient).toHaveLength(1);
    expect(readBeside).toHaveBeenCalledTimes(1);
  });

  it('are read again through the window of another model, and their memory is given back before', async () => {
    const { others, read, readBeside, release } = setUp();
    await read();
    // The same model, started again.
    others.join({ ...manifest });
    await read();
    expect([readBeside.mock.calls.length, release.mock.calls.length]).toEqual([1, 0]);
    await others.prepare({ ...manifest, intensity: { other: { kind: 'window', low: 0, high: 7 } } });
    expect([readBeside.mock.calls.length, release.mock.calls.length]).toEqual([2, 1]);
  });

  it('that cannot be listed are told of, and asked for again', async () => {
    const { others, read, source } = setUp();
    source.listSeries.mockResolvedValueOnce(err(appError('http', 'The archive does not answer.')));
    expect(await read()).toEqual([]);
    expect(others.problem.getState()?.message).toBe('The archive does not answer.');
    expect(await read()).toHaveLength(1);
    expect(others.problem.getState()).toBeUndefined();
  });

  it('give their memory back with the open series', async () => {
    const { read, others, openSeries, release } = setUp();
    await read();
    openSeries.set(undefined);
    others.forget();
    expect(release).toHaveBeenCalled();
    expect(others.state.getState()).toEqual([]);
    expect(others.join(manifest)).toBeUndefined();
  });

  it('are none where the host reads only the open series, or the model looks at one alone', async () => {
    const { openSeries, source } = setUp();
    const plain = createOtherSeries({ openSeries }, withRegistered);
    await plain.prepare(manifest);
    expect(plain.join(manifest)).toBeUndefined();
    expect(source.listSeries).not.toHaveBeenCalled();
    expect(setUp().others.join(brightVolumeModel().manifest)).toBeUndefined();
  });
});
