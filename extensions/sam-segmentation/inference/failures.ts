import { type AppError, appError } from '#core/errors.ts';

/** The expected failures that more than one part of inference reports. */
export const cancelled = (): AppError => appError('cancelled', 'The run was cancelled.');

export const embeddingEvicted = (): AppError =>
  appError('embedding-evicted', 'The encoded image is no longer in memory.', { remedy: 'Encode the slice again.' });

export const modelDisposed = (): AppError => appError('model-disposed', 'The model has been closed.');
