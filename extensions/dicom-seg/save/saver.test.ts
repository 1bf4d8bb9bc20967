import { describe, expect, it, vi } from 'vitest';
import { appError } from '#core/errors.ts';
import { err } from '#core/result.ts';
import type { SegmentationFormat, StoreOutcome } from '#extension-api';
import { setUp } from '../../../test/support/saving/scriptedSaver.ts';
import { segmentationFormat } from '../index.ts';

const FORM = {
  targetId: 'archive',
  seriesDescription: 'Mine',
  seriesNumber: 413,
  kind: 'BINARY',
  as: 'new-series',
} as const;

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
