import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { journalOf } from '#core/labelmap/journal.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import { paintedSegment } from '#core/labelmap/testing/paintedSegment.ts';
import type { Host } from '#extension-api';
import type { Saver } from '../save/saveSession.ts';
import { type SaveForm as Form, SAVE_STEPS, type SaveState } from '../save/saveState.ts';
import { Actions, Body } from './SaveDialog.tsx';
import { titleOf } from './words.ts';

const form: Form = {
  targetId: 'pacs',
  seriesDescription: 'Segmentation: Lesion 1',
  seriesNumber: 301,
  kind: 'BINARY',
  as: 'new-series',
};
const encoded = {
  bytes: new Uint8Array(),
  sopInstanceUID: '2.25.111',
  seriesInstanceUID: '2.25.222',
  header: {},
};
const fixed = <T,>(value: T) => ({ getState: () => value, subscribe: () => () => undefined });

function hostWith(options: { readonly stores?: boolean; readonly preview?: boolean } = {}): Host {
  const listed = withSegment(
    withSegment(emptyLabelmap({ columns: 1, rows: 1, slices: 3 }), paintedSegment(1)),
    paintedSegment(2),
  );
  const labelmap = withSlices(listed, 1, new Map([[1, Uint8Array.of(1)]]));
  const dataset = {
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Berger^Anna' }] },
    '00081030': { vr: 'LO', Value: ['Abdomen follow-up'] },
    '0008103E': { vr: 'LO', Value: ['Portal venous 5 mm'] },
  };
  const source = { id: 'pacs', label: 'PACS of the hospital', canStore: options.stores ?? true };
  const series = { modality: 'CT', frames: [{ dataset }, { dataset }, { dataset }] };
  return {
    sources: [source],
    viewer: { openSeries: fixed({ series, source }) },
    labelmap: {
      state: fixed({
        journal: journalOf(labelmap),
        preview: options.preview ? { color: [0, 0, 0], slices: new Map() } : undefined,
        origin: undefined,
      }),
    },
  } as unknown as Host;
}

const saver = { send: () => undefined } as unknown as Saver;
type Open = Exclude<SaveState, { phase: 'closed' }>;
const shown = (save: Open, host = hostWith()): string =>
  renderToStaticMarkup(
    <>
      <Body host={host} saver={saver} save={save} />
      <Actions host={host} saver={saver} save={save} />
    </>,
  );

describe('the save dialog', () => {
  it('says before anything is sent what goes where: patient, study, images, segments, series and archive', () => {
    const markup = shown({ phase: 'editing', form });
    for (const said of ['Berger, Anna', 'Abdomen follow-up', 'Portal venous 5 mm (3 slices)', 'PACS of the hospital']) {
      expect(markup).toContain(said);
    }
    expect(markup).toContain('Lesion 1 · Lesion · by hand');
    expect(markup).toContain('value="301"');
    expect(markup).toContain('Without voxels, so left out: Lesion 2.');
  });

  it('warns of a lesion that is not accepted, and of an installation that has nowhere to store', () => {
    expect(shown({ phase: 'editing', form }, hostWith({ preview: true }))).toContain('accept it first');
    expect(shown({ phase: 'editing', form }, hostWith({ stores: false }))).toContain('download the file');
  });

  it('ticks off the steps before the one under way, and no other', () => {
    const markup = shown({ phase: 'running', run: 1, step: 'send', share: 0.5, form, encoded });
    const steps = [...markup.matchAll(/<li[^>]*>(.*?)<\/li>/gs)].map(([whole]) => whole);
    expect(steps).toHaveLength(SAVE_STEPS.length);
    expect(steps.map((step) => step.includes('<svg'))).toEqual([true, true, true, false, false, false]);
    expect(steps.map((step) => step.includes('aria-current'))).toEqual([false, false, false, true, false, false]);
  });

  it('says stored with both UIDs, and only then', () => {
    const save: Open = { phase: 'stored', form, encoded, warnings: ['The archive changed the series number.'] };
    expect(titleOf(save)).toBe('Stored');
    const markup = shown(save);
    expect(markup).toContain('2.25.111');
    expect(markup).toContain('2.25.222');
    expect(markup).toContain('The archive changed the series number.');
    expect(titleOf({ phase: 'running', run: 1, step: 'compare', share: undefined, form, encoded })).not.toBe('Stored');
  });

  it.each([
    ['edit', 'validate', 'Not stored', 'Back'],
    ['send-again', 'send', 'Not stored', 'Send again'],
    ['ask', 'read-back', 'Not confirmed', 'Ask the archive'],
    ['new-object', 'compare', 'Not stored correctly', 'Save as a new object'],
  ] as const)('after a failure offers what helps: %s', (recovery, step, title, offered) => {
    const error = appError('refused', 'The archive refused it.', { remedy: 'Ask its administrator.' });
    const save: Open = { phase: 'failed', step, error, recovery, encoded, form };
    expect(titleOf(save)).toBe(title);
    const markup = shown(save);
    expect(markup).toContain('The archive refused it.');
    expect(markup).toContain('Ask its administrator.');
    expect(markup).toContain(offered);
    expect(markup).toMatch(/Download/);
  });
});
