import { type AppError, appError } from '#core/errors.ts';
import { err, type Result } from '#core/result.ts';
import { sameContent } from '../../../extensions/dicom-seg/node.ts';
import { retrieveInstance, storeInstance } from '../../../extensions/dicomweb/node.ts';

export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

/**
 * Sent once, never repeated; then the archive is asked for the object whatever its answer was worth, and what it gives back is
 * compared. What was written to the file is there in any case.
 * @returns the archive's refusal; `stored-but-not-found`; `stored-content-differs`; what was unknown and could not be settled
 */
export async function storeAndProve(root: string, object: StoredObject): Promise<Result<void>> {
  const { bytes, studyInstanceUID, seriesInstanceUID, sopInstanceUID } = object;
  const address = root.replace(/\/+$/, '');
  const outcome = await storeInstance(address, bytes, studyInstanceUID);
  if (outcome.kind === 'refused') return err(outcome.error);
  const back = await retrieveInstance(address, [studyInstanceUID, seriesInstanceUID, sopInstanceUID]);
  if (back.ok) return sameContent(bytes, back.value);
  if (outcome.kind === 'ambiguous') return err(unsettled(outcome.error, back.error));
  return err(
    appError('stored-but-not-found', 'The archive said that it stored the object, but does not give it back.', {
      remedy: 'Ask it again in a moment; the file is there.',
      cause: back.error.message,
    }),
  );
}

/** Whether it is there: certainly not, or nobody knows. */
const unsettled = (stored: AppError, asked: AppError): AppError =>
  asked.code === 'archive-not-found'
    ? { ...stored, remedy: 'The archive does not have the object: the file can be sent again.' }
    : { ...stored, remedy: 'Ask the archive whether it holds the object before you send the file again.' };
