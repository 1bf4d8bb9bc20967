import type { AppError } from '#core/errors.ts';
import type { Vault } from '../vault/vault.ts';
import type { WorkAbout } from './workAbout.ts';
import { scopeText } from './workAbout.ts';
import { changePiece, snapshotPiece, type Work, type WorkChange } from './workPiece.ts';

/** Changes after which a snapshot takes the place of all. */
const CHANGES_PER_SNAPSHOT = 50;
/** Pause before what could not be written is tried again without a new change. */
const AGAIN_MS = 10_000;

export interface WriterReport {
  onSaving(): void;
  onKept(): void;
  onFailed(error: AppError): void;
  /** A record has been made: from here on it is this tab's. */
  onRecord(id: string): Promise<void>;
}

/** Writes the work of one series into one record, in order, one transaction at a time. */
export interface WorkWriter {
  readonly id: () => string | undefined;
  write(work: Work, change: WorkChange | undefined): void;
  /** Deletes the record once what is being written is done; nothing is written afterwards. */
  remove(): Promise<void>;
  /** Writes what is waiting, then nothing more. */
  close(): Promise<void>;
  settled(): Promise<void>;
}

/** @param adopted record that is taken up again; a new one is made otherwise, at the first write */
export function createWorkWriter(
  vault: Vault,
  about: WorkAbout,
  session: string,
  report: WriterReport,
  adopted?: string,
): WorkWriter {
  let id = adopted;
  let latest: Work | undefined;
  let waiting: WorkChange[] = [];
  // A record that is taken up begins with a snapshot of its own: what was kept before is kept in one piece again.
  let wholly = true;
  let written = 0;
  let ended = false;
  let running: Promise<void> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;

  async function writeWaiting(): Promise<void> {
    while (!ended && latest !== undefined && (wholly || waiting.length > 0)) {
      report.onSaving();
      const changes = waiting;
      const snapshot = wholly || id === undefined || written + changes.length > CHANGES_PER_SNAPSHOT;
      waiting = [];
      wholly = false;
      const outcome = snapshot ? await writeSnapshot(latest) : await append(changes);
      if (outcome === 'gone') {
        id = undefined;
        wholly = true;
        continue;
      }
      if (outcome !== 'written') {
        wholly = true;
        if (!ended) again = setTimeout(start, AGAIN_MS);
        report.onFailed(outcome);
        return;
      }
      written = snapshot ? 0 : written + changes.length;
    }
    if (!ended) report.onKept();
  }

  type Outcome = 'written' | 'gone' | AppError;

  async function writeSnapshot(work: Work): Promise<Outcome> {
    const piece = snapshotPiece(work);
    if (id !== undefined) {
      const rewritten = await vault.rewrite(id, piece);
      return !rewritten.ok ? rewritten.error : rewritten.value ? 'written' : 'gone';
    }
    const made = await vault.create({ kind: 'work', scope: scopeText(about), session, about }, piece);
    if (!made.ok) return made.error;
    id = made.value;
    await report.onRecord(id);
    return 'written';
  }

  async function append(changes: readonly WorkChange[]): Promise<Outcome> {
    const appended = await vault.append(id!, changes.map(changePiece));
    return !appended.ok ? appended.error : appended.value ? 'written' : 'gone';
  }

  function start(): void {
    clearTimeout(again);
    again = undefined;
    running ??= writeWaiting().finally(() => {
      running = undefined;
      // What came while the last report was made; after a failure the timer or the next change begins again.
      if (!ended && again === undefined && (wholly || waiting.length > 0)) start();
    });
  }

  const settled = async (): Promise<void> => {
    while (running !== undefined) await running;
  };

  return {
    id: () => id,
    write(work, change) {
      latest = work;
      if (change === undefined) wholly = true;
      else waiting.push(change);
      start();
    },
    async remove() {
      ended = true;
      clearTimeout(again);
      await settled();
      if (id !== undefined) await vault.remove([id]);
    },
    async close() {
      await settled();
      ended = true;
      clearTimeout(again);
    },
    settled,
  };
}
