import { type AppError, appError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { EncodedSegmentation, Host, SegmentationFormat } from '#extension-api';
import { deliveryOf, stoppedWhileSending } from './delivery.ts';
import { formatRequest, numbered, type SaveRequest, saveRequest } from './saveRequest.ts';
import type { Recovery, RunStart, SaveEvent, SaveForm, SaveStep } from './saveState.ts';

export interface SaveRun {
  readonly run: number;
  readonly from: RunStart;
  readonly form: SaveForm;
  /** Of an earlier run: what is asked for or sent again, byte for byte. */
  readonly encoded: EncodedSegmentation | undefined;
  /** What that earlier run was asked to save; the reader may have gone on working since. */
  readonly request: SaveRequest | undefined;
  readonly signal: AbortSignal;
}

type Failure = { readonly step: SaveStep; readonly error: AppError; readonly recovery: Recovery };

/**
 * Validate, encode, re-read and compare, send, read back, compare. Each step is told before it begins, and only the last one says
 * stored. @returns what was saved, for another try; undefined where it came to nothing
 */
export async function runSave(
  host: Host,
  format: SegmentationFormat,
  { run, from, form, encoded: earlier, request: asked, signal }: SaveRun,
  send: (event: SaveEvent) => void,
  keep: (request: SaveRequest) => void,
): Promise<void> {
  const at = (step: SaveStep): Promise<void> => {
    send({ kind: 'at-step', run, step });
    return painted(signal);
  };
  const fail = (step: SaveStep, error: AppError, recovery: Recovery): void =>
    send({ kind: 'failed', run, step, error, recovery });

  await at(from === 'validate' ? 'validate' : from === 'send' ? 'send' : 'read-back');
  const request =
    asked !== undefined && from !== 'validate'
      ? { ok: true as const, value: asked }
      : await checked(host, form, signal);
  signal.throwIfAborted();
  if (!request.ok) return fail('validate', request.error, 'edit');
  keep(request.value);

  let encoded = earlier;
  if (encoded === undefined || from === 'validate') {
    const written = await write(format, request.value, form, at);
    if ('error' in written) return fail(written.step, written.error, written.recovery);
    encoded = written;
    send({ kind: 'encoded', run, encoded });
  }

  const delivery = deliveryOf(host, request.value, form, encoded);
  await delivery.begin();
  try {
    const outcome = await deliver({ ...request.value, format, encoded, from, signal, run }, at, send);
    if ('error' in outcome) {
      await delivery.failed(outcome.error, outcome.recovery);
      return fail(outcome.step, outcome.error, outcome.recovery);
    }
    await delivery.proved();
    send({ kind: 'stored', run, warnings: outcome.warnings });
  } catch (thrown) {
    await delivery.failed(stoppedWhileSending(thrown), 'ask');
    throw thrown;
  }
}

interface Sending extends SaveRequest {
  readonly format: SegmentationFormat;
  readonly encoded: EncodedSegmentation;
  readonly from: RunStart;
  readonly run: number;
  readonly signal: AbortSignal;
}

/** Send, read back, compare. */
async function deliver(
  { target, series, format, encoded, from, run, signal }: Sending,
  at: (step: SaveStep) => Promise<void>,
  send: (event: SaveEvent) => void,
): Promise<Failure | { readonly warnings: readonly string[] }> {
  const { bytes, sopInstanceUID, seriesInstanceUID } = encoded;
  let warnings: readonly string[] = [];
  if (from !== 'ask') {
    await at('send');
    const outcome = await target.store(bytes, series.studyInstanceUID, {
      signal,
      onProgress: (done, total) =>
        send({ kind: 'progress', run, share: total === undefined ? undefined : done / total }),
    });
    if (outcome.kind === 'refused') return failure('send', outcome.error, recoveryOf(outcome.error));
    if (outcome.kind === 'ambiguous') return failure('send', outcome.error, 'ask');
    warnings = outcome.warnings;
    await at('read-back');
  }
  const back = await target.retrieve(series.studyInstanceUID, seriesInstanceUID, sopInstanceUID, { signal });
  if (!back.ok) return failure('read-back', ...missing(back.error, from));
  await at('compare');
  const same = format.sameContent(bytes, back.value);
  return same.ok ? { warnings } : failure('compare', same.error, 'new-object');
}

const failure = (step: SaveStep, error: AppError, recovery: Recovery): Failure => ({ step, error, recovery });

async function checked(host: Host, form: SaveForm, signal: AbortSignal): Promise<Result<SaveRequest>> {
  const request = saveRequest(host, form);
  return request.ok ? ok(await numbered(request.value, signal)) : request;
}

async function write(
  format: SegmentationFormat,
  request: SaveRequest,
  form: SaveForm,
  at: (step: SaveStep) => Promise<void>,
): Promise<EncodedSegmentation | Failure> {
  await at('encode');
  const encoded = format.encode(formatRequest(request, form));
  if (!encoded.ok) return { step: 'encode', error: encoded.error, recovery: 'edit' };
  await at('verify');
  const verified = format.verify(encoded.value.bytes, request.series, request.labelmap);
  if (!verified.ok) return { step: 'verify', error: verified.error, recovery: 'edit' };
  return encoded.value;
}

/** Under a UID that the archive knows already, only a new object helps; any other refusal leaves it without ours. */
const recoveryOf = (error: AppError): Recovery => (error.context?.reason === '0111' ? 'new-object' : 'send-again');

/** The archive does not give the object back: it never had it, or it cannot be asked just now. */
function missing(error: AppError, from: RunStart): [AppError, Recovery] {
  if (error.code !== 'archive-not-found') return [error, 'ask'];
  if (from === 'ask') {
    const absent = appError('not-stored', 'The archive does not have the segmentation.', {
      remedy: 'Send it again: it is the same object, under the same UID.',
    });
    return [absent, 'send-again'];
  }
  const lost = appError(
    'stored-but-not-found',
    'The archive said that it stored the segmentation, but does not have it.',
    {
      remedy: 'It may need a moment: ask again. Keep a copy with Download.',
    },
  );
  return [lost, 'ask'];
}

/** Lets the browser show the step before the next one keeps it busy. */
async function painted(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal.throwIfAborted();
}
