import type { AppError } from '#core/errors.ts';
import type { OutboxOutcome } from '#extension-api';

/** What is known of an object in the outbox; sealed, because it names patient and UIDs. */
export interface OutboxAbout {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly targetId: string;
  readonly patient: string;
  readonly description: string;
  readonly outcome: OutboxOutcome;
}

/** @returns undefined where it is not what we write */
export function parseOutboxAbout(value: unknown): OutboxAbout | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const about = value as Partial<Record<keyof OutboxAbout, unknown>>;
  const texts = [about.studyInstanceUID, about.seriesInstanceUID, about.sopInstanceUID, about.targetId];
  if (![...texts, about.patient, about.description].every((text) => typeof text === 'string')) return undefined;
  return isOutcome(about.outcome) ? (about as OutboxAbout) : undefined;
}

function isOutcome(value: unknown): value is OutboxOutcome {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'sending') return true;
  if (value.kind !== 'failed' || !('error' in value) || !('recovery' in value)) return false;
  const { code, message } = (value.error ?? {}) as Partial<Record<keyof AppError, unknown>>;
  return typeof code === 'string' && typeof message === 'string';
}
