import type { AppError } from '#core/errors.ts';
import type { EncodedSegmentation, Host, StudySource } from '#extension-api';
import { segmentationFormat } from '../../extensions/dicom-seg/index.ts';
import { createSaver } from '../../extensions/dicom-seg/save/saveSession.ts';
import type { SaveState } from '../../extensions/dicom-seg/save/saveState.ts';
import { createLabelmapPort } from '../../src/app/labelmap/createLabelmapPort.ts';
import type { Outbox } from '../../src/app/outbox/outbox.ts';
import { seriesOf } from '../dicom/support/readSeries.ts';
import { labelmapOf, testSegment } from '../dicom/support/segments.ts';
import { syntheticSeries } from '../dicom/support/syntheticSeries.ts';
import { pageOutbox } from './pageOutbox.ts';

const SIZE = { columns: 23, rows: 17, slices: 4 };

export interface Journey {
  /** What the reader was told, in order. */
  readonly told: readonly AppError[];
  /** Nothing that the reader did was ever gone, or called saved while it was not. */
  readonly lost: readonly string[];
  /** How often the reader had to press the button that the dialog offered. */
  readonly presses: number;
  readonly finished: boolean;
}

/** Where the reader goes on after the first failure: with the button of the dialog, or from the outbox as after a crash. */
export type Retry = 'dialog' | 'outbox';

/**
 * A reader paints, saves, meets what the archive does, and goes on until it says stored. The object lies in the outbox after each
 * failure, and no longer once it is proved to be stored.
 * @param serial other UIDs for each
 * @param armed called when the object is about to be sent for the first time
 * @param proof the archive by another way, without faults
 */
export async function saveJourney(
  source: StudySource,
  proof: StudySource,
  serial: number,
  armed: () => void,
  retry: Retry = 'dialog',
): Promise<Journey> {
  const series = seriesOf(
    syntheticSeries({
      ...SIZE,
      geometry: 'axial',
      source: 'CT',
      order: 'ascending',
      decimals: 'numbers',
      patient: 'plain',
      serial,
    }),
  );
  const mask = Uint8Array.from({ length: SIZE.columns * SIZE.rows }, (_, at) => Number(at % 7 < 3));
  const labelmap = createLabelmapPort(() => undefined);
  labelmap.replace(labelmapOf(series, []));
  labelmap.commit(
    'Paint',
    labelmapOf(series, [
      [
        testSegment(1),
        new Map([
          [1, mask],
          [2, mask],
        ]),
      ],
    ]),
  );
  const outbox = pageOutbox(source, segmentationFormat);
  const host = {
    outbox,
    viewer: { openSeries: { getState: () => ({ series, source, imageIds: [] }), subscribe: () => () => undefined } },
    labelmap,
    sources: [source],
    segmentationFormat,
    refreshStudy: () => undefined,
    notices: { show: () => undefined, announce: () => undefined },
  } as unknown as Host;
  const saver = createSaver(host);
  const [told, lost]: [AppError[], string[]] = [[], []];
  let [presses, sentOnce] = [0, false];
  const settled = (): Promise<SaveState> =>
    new Promise((resolve) => {
      const look = (): void => {
        const state = saver.state.getState();
        if (state.phase === 'running' && state.step === 'send' && !sentOnce) {
          sentOnce = true;
          armed();
        }
        if (state.phase === 'failed' || state.phase === 'stored') resolve(state);
      };
      saver.state.subscribe(look);
      look();
    });
  saver.open();
  // The number of the new series is looked up first; what is looked at here comes after.
  await new Promise((resolve) => setTimeout(resolve, 50));
  saver.send({ kind: 'start' });
  let state = await settled();
  while (state.phase === 'failed' && presses < 6) {
    told.push(state.error);
    const { journal } = labelmap.state.getState();
    if (journal.labelmap.voxels.get(1)?.size !== 2) lost.push('the segments are gone');
    if (!labelmap.unsaved.getState()) lost.push('the work counts as saved');
    if (state.encoded === undefined) lost.push('there is nothing to download');
    await expectKept(outbox, state.encoded, lost);
    presses += 1;
    if (retry === 'outbox' && (await sentFromOutbox(outbox, told))) break;
    saver.send({ kind: 'recover' });
    // A new object begins with the form.
    if (saver.state.getState().phase === 'editing') saver.send({ kind: 'start' });
    state = await settled();
  }
  const { encoded } = state.phase === 'stored' || state.phase === 'failed' ? state : { encoded: undefined };
  // Taken out when it is proved, which the dialog need not wait for.
  for (let look = 0; look < 40 && outbox.items.getState().length > 0; look += 1) await later(25);
  const finished = encoded !== undefined && outbox.items.getState().length === 0;
  if (!finished) lost.push('it was never stored');
  else {
    const back = await proof.retrieve(series.studyInstanceUID, encoded.seriesInstanceUID, encoded.sopInstanceUID);
    if (!back.ok || !segmentationFormat.sameContent(encoded.bytes, back.value).ok)
      lost.push('it is not what was stored');
    if (labelmap.unsaved.getState()) lost.push('it still counts as not saved');
  }
  saver.dispose();
  outbox.dispose();
  return { told, lost, presses, finished };
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** After a failure the object lies in the outbox, byte for byte, and is no longer at work. */
async function expectKept(outbox: Outbox, encoded: EncodedSegmentation | undefined, lost: string[]): Promise<void> {
  const item = () => outbox.items.getState().find((one) => one.sopInstanceUID === encoded?.sopInstanceUID);
  for (let look = 0; look < 40 && item()?.outcome.kind !== 'failed'; look += 1) await later(25);
  const found = item();
  const bytes = found && (await outbox.file(found.id));
  if (found?.outcome.kind !== 'failed') lost.push('the outbox does not say that it failed');
  if (!bytes || !encoded || Buffer.compare(bytes, encoded.bytes) !== 0) lost.push('it is not in the outbox');
}

/** Sends again from the outbox. False where the archive holds something else under the UID: a new object has to be made. */
async function sentFromOutbox(outbox: Outbox, told: AppError[]): Promise<boolean> {
  for (let times = 0; times < 4; times += 1) {
    const [item] = outbox.items.getState();
    if (item === undefined) return true;
    if (item.outcome.kind === 'failed' && item.outcome.recovery === 'other-content') return false;
    if (times > 0 && item.outcome.kind === 'failed') told.push(item.outcome.error);
    await outbox.retry(item.id);
  }
  return outbox.items.getState().length === 0;
}
