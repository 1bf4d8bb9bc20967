import { appError } from '#core/errors.ts';
import type { CallOptions, OutboxOutcome, SegmentationFormat, StudySource } from '#extension-api';

export interface Resent {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

type Failed = Extract<OutboxOutcome, { readonly kind: 'failed' }>;

/**
 * Gets an object into an archive of which nobody knows whether it has it. Never sends blindly: the archive is asked for the UID
 * first, and only a plain "not found" leads to a store. @returns `proved` when what came back is what is kept
 */
export async function resend(
  source: StudySource,
  format: SegmentationFormat,
  object: Resent,
  bytes: Uint8Array,
  options: CallOptions = {},
): Promise<{ readonly kind: 'proved'; readonly wasThere: boolean } | Failed> {
  const { studyInstanceUID: study, seriesInstanceUID: series, sopInstanceUID: instance } = object;
  const asked: CallOptions = options.signal === undefined ? {} : { signal: options.signal };
  const found = await source.retrieve(study, series, instance, asked);
  if (found.ok) return compared(format, bytes, found.value, true);
  if (found.error.code !== 'archive-not-found') return { kind: 'failed', error: found.error, recovery: 'ask' };
  const outcome = await source.store(bytes, study, options);
  if (outcome.kind === 'refused') {
    const taken = outcome.error.context?.reason === '0111';
    return { kind: 'failed', error: outcome.error, recovery: taken ? 'other-content' : 'send' };
  }
  if (outcome.kind === 'ambiguous') return { kind: 'failed', error: outcome.error, recovery: 'ask' };
  const back = await source.retrieve(study, series, instance, asked);
  if (back.ok) return compared(format, bytes, back.value, false);
  const lost = appError(
    'stored-but-not-found',
    'The archive said that it stored the object, but does not give it back.',
    {
      remedy: 'It may need a moment: ask again.',
      cause: back.error.message,
    },
  );
  return { kind: 'failed', error: lost, recovery: 'ask' };
}

function compared(format: SegmentationFormat, sent: Uint8Array, back: Uint8Array, wasThere: boolean) {
  const same = format.sameContent(sent, back);
  return same.ok
    ? ({ kind: 'proved', wasThere } as const)
    : ({ kind: 'failed', error: same.error, recovery: 'other-content' } as const);
}
