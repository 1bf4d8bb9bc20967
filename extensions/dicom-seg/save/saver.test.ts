import { describe, expect, it, vi } from 'vitest';
import { type ImageSeries, imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import { err, ok } from '#core/result.ts';
import type { Host, SegmentationFormat, StoreOutcome, StudySource } from '#extension-api';
import { createLabelmapPort } from '../../../src/app/labelmap/createLabelmapPort.ts';
import { segmentationFormat } from '../index.ts';
import { createSaver } from './saveSession.ts';
import type { SaveState, SaveStep } from './saveState.ts';

const element = (vr: string, ...Value: unknown[]) => ({ vr, Value });
const FORM = {
  targetId: 'archive',
  seriesDescription: 'Mine',
  seriesNumber: 413,
  kind: 'BINARY',
  as: 'new-series',
} as const;
const SIZE = { columns: 7, rows: 5, slices: 4 };

function phantomSeries(): ImageSeries {
  const series = imageSeriesOf(
    Array.from({ length: SIZE.slices }, (_, k) => ({
      [Tag.StudyInstanceUID]: element('UI', '1.2.3'),
      [Tag.SeriesInstanceUID]: element('UI', '1.2.3.4'),
      [Tag.SOPInstanceUID]: element('UI', `1.2.3.4.${k + 1}`),
      [Tag.SOPClassUID]: element('UI', '1.2.840.10008.5.1.4.1.1.2'),
      [Tag.FrameOfReferenceUID]: element('UI', '1.2.3.5'),
      [Tag.Modality]: element('CS', 'CT'),
      [Tag.PatientName]: element('PN', { Alphabetic: 'Nobody^At All' }),
      [Tag.PatientID]: element('LO', 'N'),
      [Tag.Rows]: element('US', SIZE.rows),
      [Tag.Columns]: element('US', SIZE.columns),
      [Tag.PixelSpacing]: element('DS', 0.7, 0.7),
      [Tag.SliceThickness]: element('DS', 2),
      [Tag.ImagePositionPatient]: element('DS', 0, 0, 2 * k),
      [Tag.ImageOrientationPatient]: element('DS', 1, 0, 0, 0, 1, 0),
    })),
  );
  if (!series.ok) throw new Error(series.error.message);
  return series.value;
}

/** An archive that does as it is told: each store and each retrieve takes the next answer, then the honest one. */
function scriptedArchive(script: {
  stores?: (StoreOutcome | 'keeps-but-breaks' | 'never')[];
  retrieves?: ('absent' | 'unreachable' | 'other')[];
}) {
  const kept = new Map<string, Uint8Array>();
  const sent: Uint8Array[] = [];
  const source: StudySource = {
    id: 'archive',
    label: 'Archive',
    canStore: true,
    searchStudies: async () => ok([]),
    listSeries: async () => ok([{ [Tag.SeriesNumber]: element('IS', 412) }]),
    seriesHeaders: async () => ok([]),
    pixels: () => ({ kind: 'wado-rs', frameUrl: '' }),
    async store(bytes, _study, options) {
      sent.push(bytes);
      const answer = script.stores?.shift();
      if (answer === 'never') {
        return new Promise((_, reject) =>
          options?.signal?.addEventListener('abort', () => reject(options.signal?.reason)),
        );
      }
      if (answer !== undefined && answer !== 'keeps-but-breaks') return answer;
      kept.set('object', bytes);
      if (answer === 'keeps-but-breaks') {
        return { kind: 'ambiguous', error: appError('archive-unreachable', 'The archive does not answer.') };
      }
      return { kind: 'stored', warnings: [] };
    },
    async retrieve() {
      const answer = script.retrieves?.shift();
      if (answer === 'unreachable') return err(appError('archive-unreachable', 'The archive does not answer.'));
      const bytes = kept.get('object');
      if (answer === 'absent' || bytes === undefined) {
        return err(appError('archive-not-found', 'The archive does not have that.'));
      }
      if (answer !== 'other') return ok(bytes);
      const spoilt = bytes.slice();
      spoilt[spoilt.length - 2]! ^= 1;
      return ok(spoilt);
    },
  };
  return { source, sent, kept };
}

function setUp(script: Parameters<typeof scriptedArchive>[0] = {}, format: SegmentationFormat = segmentationFormat) {
  const archive = scriptedArchive(script);
  const labelmap = createLabelmapPort(() => {});
  labelmap.replace(emptyLabelmap(SIZE));
  const refreshed = vi.fn();
  const open = { series: phantomSeries(), source: archive.source, imageIds: [] };
  const host = {
    viewer: { openSeries: { getState: () => open, subscribe: () => () => {} } },
    labelmap,
    sources: [archive.source],
    segmentationFormat: format,
    refreshStudy: refreshed,
    notices: { show: () => {}, announce: () => {} },
  } as unknown as Host;
  const saver = createSaver(host);
  const steps: SaveStep[] = [];
  saver.state.subscribe(() => {
    const save = saver.state.getState();
    if (save.phase === 'running' && steps.at(-1) !== save.step) steps.push(save.step);
  });
  const paint = (): void => {
    const segment = labelmap.draftSegment();
    const mask = new Uint8Array(SIZE.columns * SIZE.rows).fill(1, 8, 20);
    const { labelmap: before } = labelmap.state.getState().journal;
    labelmap.commit(
      'Paint',
      withSlices(
        withSegment(before, segment),
        segment.number,
        new Map([
          [1, mask],
          [2, mask],
        ]),
      ),
    );
  };
  const until = async <P extends SaveState['phase']>(phase: P): Promise<Extract<SaveState, { phase: P }>> => {
    await vi.waitFor(() => expect(saver.state.getState().phase).toBe(phase));
    return saver.state.getState() as Extract<SaveState, { phase: P }>;
  };
  const save = (): void => {
    saver.open();
    saver.send({ kind: 'start' });
  };
  return { saver, labelmap, archive, refreshed, steps, paint, until, save };
}

const refused = (code: string, reason?: string): StoreOutcome => ({
  kind: 'refused',
  error: appError(code, 'No.', reason === undefined ? {} : { context: { reason } }),
});

describe('saving', () => {
  it('says stored only after the object came back as it was sent', async () => {
    const { steps, paint, until, save, labelmap, refreshed } = setUp();
    paint();
    expect(labelmap.unsaved.getState()).toBe(true);
    save();
    const { encoded } = await until('stored');
    expect(steps).toEqual(['validate', 'encode', 'verify', 'send', 'read-back', 'compare']);
    expect(encoded.sopInstanceUID).toMatch(/^2\.25\.\d+$/);
    expect(labelmap.unsaved.getState()).toBe(false);
    expect(refreshed).toHaveBeenCalledOnce();
  });

  it('suggests a series number that is free in the study', async () => {
    const { saver, paint } = setUp();
    paint();
    saver.open();
    await vi.waitFor(() => expect(saver.state.getState()).toMatchObject({ form: { seriesNumber: 413 } }));
    saver.send({ kind: 'close' });
    saver.open();
    saver.send({ kind: 'edit', form: { ...FORM, seriesDescription: 'Mine', seriesNumber: 7 } });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(saver.state.getState()).toMatchObject({ form: { seriesNumber: 7 } });
  });

  it('refuses an empty labelmap before anything is sent', async () => {
    const { archive, until, save } = setUp();
    save();
    const failed = await until('failed');
    expect(failed).toMatchObject({ step: 'validate', error: { code: 'nothing-to-save' }, recovery: 'edit' });
    expect(archive.sent).toEqual([]);
  });

  it('does not send a file that does not read back as the labelmap', async () => {
    const broken: SegmentationFormat = {
      ...segmentationFormat,
      verify: () => err(appError('voxels-differ', 'Different.')),
    };
    const { archive, paint, until, save, labelmap } = setUp({}, broken);
    paint();
    save();
    expect(await until('failed')).toMatchObject({ step: 'verify', error: { code: 'voxels-differ' } });
    expect(archive.sent).toEqual([]);
    expect(labelmap.unsaved.getState()).toBe(true);
  });

  it.each(['archive-unauthorized', 'archive-too-large', 'store-refused'])(
    'keeps the work after %s and sends the very same bytes again',
    async (code) => {
      const { archive, saver, paint, until, save, labelmap } = setUp({ stores: [refused(code, 'A700')] });
      paint();
      save();
      expect(await until('failed')).toMatchObject({ step: 'send', error: { code }, recovery: 'send-again' });
      expect(labelmap.unsaved.getState()).toBe(true);
      saver.send({ kind: 'recover' });
      await until('stored');
      expect(archive.sent).toHaveLength(2);
      expect(archive.sent[1]).toBe(archive.sent[0]);
    },
  );

  it('makes a new object where the archive has another one under the UID', async () => {
    const { archive, saver, paint, until, save } = setUp({ stores: [refused('store-refused', '0111')] });
    paint();
    save();
    expect((await until('failed')).recovery).toBe('new-object');
    saver.send({ kind: 'recover' });
    await until('stored');
    expect(archive.sent[1]).not.toEqual(archive.sent[0]);
  });

  it('asks for the UID when the answer was lost, and finds the object stored', async () => {
    const { archive, saver, paint, until, save, labelmap } = setUp({ stores: ['keeps-but-breaks'] });
    paint();
    save();
    expect(await until('failed')).toMatchObject({ step: 'send', recovery: 'ask' });
    saver.send({ kind: 'recover' });
    await until('stored');
    expect(archive.sent).toHaveLength(1);
    expect(labelmap.unsaved.getState()).toBe(false);
  });

  it('offers to send again only once the archive has said that it has nothing', async () => {
    const lost: StoreOutcome = {
      kind: 'ambiguous',
      error: appError('archive-unreachable', 'The archive does not answer.'),
    };
    const { archive, saver, paint, until, save } = setUp({ stores: [lost], retrieves: ['unreachable'] });
    paint();
    save();
    await until('failed');
    saver.send({ kind: 'recover' });
    await until('running');
    expect(await until('failed')).toMatchObject({ step: 'read-back', recovery: 'ask' });
    saver.send({ kind: 'recover' });
    await until('running');
    expect(await until('failed')).toMatchObject({ error: { code: 'not-stored' }, recovery: 'send-again' });
    expect(archive.sent).toHaveLength(1);
    saver.send({ kind: 'recover' });
    await until('stored');
    expect(archive.sent).toHaveLength(2);
  });

  it('does not believe an archive that says stored and does not have it', async () => {
    const { paint, until, save } = setUp({ retrieves: ['absent'] });
    paint();
    save();
    expect(await until('failed')).toMatchObject({
      step: 'read-back',
      error: { code: 'stored-but-not-found' },
      recovery: 'ask',
    });
  });

  it('does not call it stored when one bit came back different', async () => {
    const { paint, until, save, labelmap } = setUp({ retrieves: ['other'] });
    paint();
    save();
    expect(await until('failed')).toMatchObject({
      step: 'compare',
      error: { code: 'stored-content-differs' },
      recovery: 'new-object',
    });
    expect(labelmap.unsaved.getState()).toBe(true);
  });

  it('marks as saved what was encoded, not what was painted while it was sent', async () => {
    const { paint, saver, until, save, labelmap } = setUp();
    paint();
    save();
    saver.state.subscribe(() => {
      const now = saver.state.getState();
      if (now.phase === 'running' && now.step === 'read-back' && labelmap.state.getState().journal.past.length === 1)
        paint();
    });
    await until('stored');
    expect(labelmap.unsaved.getState()).toBe(true);
  });

  it('does not end in silence when it is stopped while sending', async () => {
    const { saver, paint, until, save } = setUp({ stores: ['never'] });
    paint();
    save();
    await vi.waitFor(() => expect(saver.state.getState()).toMatchObject({ phase: 'running', step: 'send' }));
    saver.send({ kind: 'close' });
    expect(await until('failed')).toMatchObject({ error: { code: 'save-cancelled' }, recovery: 'ask' });
    saver.send({ kind: 'close' });
    expect(saver.state.getState().phase).toBe('closed');
  });

  it('starts one run when Save is pressed twice', async () => {
    const { archive, saver, paint, until, save } = setUp();
    paint();
    save();
    saver.send({ kind: 'start' });
    saver.send({ kind: 'recover' });
    await until('stored');
    expect(archive.sent).toHaveLength(1);
  });

  it('refuses a description that DICOM cannot hold', async () => {
    const { saver, paint, until } = setUp();
    paint();
    saver.open();
    saver.send({ kind: 'edit', form: { ...FORM, seriesDescription: ' ', seriesNumber: 1 } });
    saver.send({ kind: 'start' });
    expect(await until('failed')).toMatchObject({ error: { code: 'bad-series-description' } });
    saver.send({ kind: 'recover' });
    saver.send({ kind: 'edit', form: { ...FORM, seriesDescription: 'x', seriesNumber: 1.5 } });
    saver.send({ kind: 'start' });
    await until('running');
    expect(await until('failed')).toMatchObject({ error: { code: 'bad-series-number' } });
  });
});
