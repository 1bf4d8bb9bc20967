import { expect, vi } from 'vitest';
import { type ImageSeries, imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import { err, ok } from '#core/result.ts';
import type { Host, SegmentationFormat, StoreOutcome, StudySource } from '#extension-api';
import { segmentationFormat } from '../../../extensions/dicom-seg/index.ts';
import { createSaver } from '../../../extensions/dicom-seg/save/saveSession.ts';
import type { SaveState, SaveStep } from '../../../extensions/dicom-seg/save/saveState.ts';
import { createLabelmapPort } from '../../../src/app/labelmap/createLabelmapPort.ts';

const element = (vr: string, ...Value: unknown[]) => ({ vr, Value });
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

/** A saver over an archive that follows a script, with the shell's own labelmap. */
export function setUp(
  script: Parameters<typeof scriptedArchive>[0] = {},
  format: SegmentationFormat = segmentationFormat,
) {
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
