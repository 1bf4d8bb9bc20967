import { type DicomDataset, items, number, text } from '#core/dicom/dataset.ts';
import { type AppError, appError } from '#core/errors.ts';
import type { StoreOutcome } from '#extension-api';
import { badAnswer, isDataset } from './dicomJson.ts';
import { statusError } from './request.ts';

/** Store Instances Response Module (PS3.18 Table I.2-1). */
const FAILED_SOP_SEQUENCE = '00081198';
const REFERENCED_SOP_SEQUENCE = '00081199';
const FAILURE_REASON = '00081197';
const WARNING_REASON = '00081196';
const REFERENCED_SOP_INSTANCE_UID = '00081155';

/** PS3.4 B.2.3, PS3.7 Annex C, PS3.18 Table 10.5.3-2, by the first digits of the code. */
const REASONS: readonly (readonly [prefix: string, meaning: string, remedy?: string])[] = [
  ['0110', 'it could not process the object'],
  ['0106', 'a value in the object is not allowed'],
  ['0111', 'it has another object under the same UID', 'Save again: that makes a new UID.'],
  ['0117', 'a UID in the object is malformed'],
  ['0120', 'something that it needs is missing in the object'],
  ['0121', 'a value that it needs is empty in the object'],
  ['0122', 'it does not take objects of this class', 'Ask your PACS administrator to allow Segmentation Storage.'],
  ['0124', 'you are not allowed to store', 'Ask your PACS administrator for access.'],
  ['0213', 'it has no room or time for it now', 'Try again in a moment.'],
  ['C122', 'it does not take this transfer syntax', 'Ask your PACS administrator which ones it takes.'],
  ['A7', 'it has no room left', 'Tell your PACS administrator; the segmentation can be downloaded meanwhile.'],
  ['A9', 'the object does not match its class'],
  ['C', 'it could not understand the object'],
];
const WARNINGS: readonly (readonly [code: string, meaning: string])[] = [
  ['B000', 'The archive changed values of the object.'],
  ['B006', 'The archive dropped elements of the object.'],
  ['B007', 'The archive found that the object does not match its class.'],
];

/**
 * What an answer to a store request says of one object. The object's own entry in the body decides; the status only where the
 * body is silent, because 200, 202, 400 and 409 may each hold mixed results.
 */
export function storeVerdict(status: number, contentType: string, body: string, sopInstanceUID: string): StoreOutcome {
  const response = parsed(body);
  const own = (sequence: string): DicomDataset | undefined =>
    response && items(response, sequence).find((item) => text(item, REFERENCED_SOP_INSTANCE_UID) === sopInstanceUID);
  const failed = own(FAILED_SOP_SEQUENCE) ?? namelessFailure(response, status);
  if (failed !== undefined) return { kind: 'refused', error: failure(failed, status) };
  const stored = own(REFERENCED_SOP_SEQUENCE);
  if (stored !== undefined) return { kind: 'stored', warnings: warningsOf(stored) };
  if (status === 507) return { kind: 'refused', error: explained('A700', status) };
  if (status === 413) {
    return {
      kind: 'refused',
      error: appError('archive-too-large', 'The object is larger than the archive takes.', {
        remedy: 'Tell your PACS administrator, who can raise the limit.',
        context: { status },
      }),
    };
  }
  if (status === 404 || status === 405 || status === 410) {
    return {
      kind: 'refused',
      error: appError('store-not-offered', `The archive takes no objects at this address (HTTP ${status}).`, {
        remedy: 'Check the address of the archive, or download the segmentation and tell your PACS administrator.',
        context: { status },
      }),
    };
  }
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'refused', error: statusError(status) };
  if (status >= 500 || status === 408) return { kind: 'ambiguous', error: mayBeStored(statusError(status)) };
  if (response === undefined) return { kind: 'ambiguous', error: mayBeStored(badAnswer(contentType)) };
  const silent = appError('store-not-mentioned', 'The archive answered, but said nothing of the object.', {
    context: { status },
  });
  return { kind: 'ambiguous', error: mayBeStored(silent) };
}

/** Trying again is not what to do after a store whose outcome is not known. */
export const mayBeStored = (error: AppError): AppError => ({
  ...error,
  remedy: 'It may have stored the segmentation all the same: ask it before anything is sent again.',
});

function parsed(body: string): DicomDataset | undefined {
  try {
    const json: unknown = JSON.parse(body);
    const response: unknown = Array.isArray(json) ? json[0] : json;
    return isDataset(response) ? response : undefined;
  } catch {
    return undefined;
  }
}

/** An object that could not be read has no UID to be named by; we only ever send one. */
function namelessFailure(response: DicomDataset | undefined, status: number): DicomDataset | undefined {
  const failures = response === undefined ? [] : items(response, FAILED_SOP_SEQUENCE);
  const [only] = failures;
  const nameless = failures.length === 1 && only !== undefined && text(only, REFERENCED_SOP_INSTANCE_UID) === undefined;
  return nameless && status >= 400 ? only : undefined;
}

function failure(item: DicomDataset, status: number): AppError {
  const reason = number(item, FAILURE_REASON);
  return explained(reason === undefined ? 'none' : reason.toString(16).toUpperCase().padStart(4, '0'), status);
}

function explained(reason: string, status: number): AppError {
  const [, meaning, remedy] = REASONS.find(([prefix]) => reason.startsWith(prefix)) ?? [
    '',
    'it gave no reason that we know',
  ];
  return appError('store-refused', `The archive did not store the object: ${meaning} (${reason}).`, {
    remedy: remedy ?? 'Send it again; if that does not help, download it and tell your PACS administrator.',
    context: { reason, status },
  });
}

function warningsOf(item: DicomDataset): string[] {
  const code = number(item, WARNING_REASON)?.toString(16).toUpperCase();
  if (code === undefined) return [];
  return [WARNINGS.find(([known]) => known === code)?.[1] ?? `The archive stored the object with warning ${code}.`];
}
