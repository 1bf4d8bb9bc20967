import type { Retention } from '../autosave/autosave.ts';
import type { BrowserStorage } from './browserStorage.ts';

const DAY_MS = 86_400_000;
/** A tab that reloads is gone for a moment. */
const REALLY_CLOSED_MS = 600_000;

/** Removes what has been kept for longer than the reader wants. What waits for an archive stays until the reader says so. */
export async function tidy({ vault, session }: BrowserStorage, retention: Retention, now: number): Promise<void> {
  if (retention === 'never') return;
  if (retention !== 'session') {
    await vault.expire(now, Number(retention) * DAY_MS);
    return;
  }
  const listed = await vault.list('work');
  if (!listed.ok) return;
  const gone: string[] = [];
  for (const record of listed.value) {
    const old = now - record.updatedAt > REALLY_CLOSED_MS;
    if (old && record.session !== session.id && !(await session.isAlive(record.session))) gone.push(record.id);
  }
  await vault.remove(gone);
}
