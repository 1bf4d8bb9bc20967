import { type AppError, appError, describeThrown } from '#core/errors.ts';
import type { FileEntry } from '../inference/manifest.ts';
import { megabytes } from './sizes.ts';

/** What goes wrong while a model is added: each says what was kept, which is nothing. */
export const fileMissing = (file: string): AppError =>
  appError('model-file-unreadable', `${file} is named by the manifest, and is not in the folder.`, {
    remedy: 'Choose the whole folder of the model, with every file that its manifest names.',
    context: { file },
  });

export const fileUnreadable = (file: string, cause: unknown): AppError =>
  appError('model-file-unreadable', `${file} could not be read.`, {
    remedy: 'Check the file and the connection, then try again. Nothing was kept.',
    cause,
    context: { file },
  });

export const otherSize = (entry: FileEntry, actual: number): AppError =>
  appError('model-size-mismatch', `${entry.path} has ${actual} bytes, and the manifest says ${entry.bytes}.`, {
    remedy: 'Fetch the file again from where the model comes from: it is cut off or another version. Nothing was kept.',
    context: { file: entry.path, expected: entry.bytes, actual },
  });

export const otherHash = (mismatch: AppError): AppError =>
  appError(mismatch.code, mismatch.message, {
    remedy: 'Fetch the file again from where the model comes from; do not use it if it stays so. Nothing was kept.',
    cause: `SHA-256 of the manifest ${mismatch.context?.expected}, of the file ${mismatch.context?.actual}`,
    context: mismatch.context,
  });

export const tooLarge = (file: string, most: number): AppError =>
  appError('model-file-unreadable', `${file} is larger than ${megabytes(most)}, which no such file is.`, {
    remedy: 'Check that the address or the folder is that of a model.',
    context: { file },
  });

export const modelTooLarge = (bytes: number, most: number): AppError =>
  appError('model-too-large', `The model takes ${megabytes(bytes)}; a browser can run at most ${megabytes(most)}.`, {
    remedy: 'Run it on an inference server (--inference), or take a smaller model of its family.',
  });

export const storageFull = (bytes: number, room: number | undefined): AppError => {
  const there = room === undefined ? '' : ` It has room for ${megabytes(room)}.`;
  return appError('storage-full', `This browser has no room for the ${megabytes(bytes)} of the model.${there}`, {
    remedy: 'Delete a model that is not needed, or free disk space, then try again. Nothing was kept.',
  });
};

export const storageFailed = (cause: unknown): AppError =>
  appError('storage-failed', 'This browser did not keep the model.', {
    remedy: 'Private windows and some settings forbid it; use a normal window, then try again.',
    cause: describeThrown(cause),
  });

export const alreadyThere = (name: string): AppError =>
  appError('model-already-there', `There is already a model with the id of this one: ${name}.`, {
    remedy: 'Delete that one first, or give this one another id in its manifest.',
  });

export const libraryBusy = (): AppError =>
  appError('library-busy', 'A model is being added in another window of this browser.', {
    remedy: 'Wait until that is done, then try again.',
  });

export const weightsNotNamed = (file: string, location: string): AppError =>
  appError(
    'model-weights-missing',
    `${file} keeps weights in "${location.slice(0, 64)}", which the manifest does not name.`,
    {
      remedy: 'Name that file under "weights" of the graph in the manifest, with this "location".',
      context: { file },
    },
  );
