import { appError } from '#core/errors.ts';
import { commit, journalOf } from '#core/labelmap/journal.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { OpenSeries } from '#extension-api';
import type { Vault } from '../vault/vault.ts';
import { keptText } from './keptText.ts';
import { frameNames, onPresentSlices, parseAbout } from './workAbout.ts';
import { type Work, workOf } from './workPiece.ts';

/**
 * Kept work on the slices of the series as it is now; with its history and drafts where no slice has come or gone.
 * @returns error `kept-work-gone`, `series-has-changed` (see {@link onPresentSlices}), or what the vault says
 */
export async function readWork(vault: Vault, id: string, { series }: OpenSeries): Promise<Result<Work>> {
  const read = await vault.read(id);
  if (!read.ok) return read;
  const about = parseAbout(read.value?.about);
  if (read.value === undefined || about === undefined) return err(appError('kept-work-gone', keptText.gone));
  const found = workOf(read.value.pieces);
  if (!found.ok) return found;
  const now = frameNames(series);
  if (now.length === about.frames.length && now.every((name, k) => name === about.frames[k])) return found;
  const plane = series.stack.planes[0];
  const size = { columns: plane?.columns ?? 0, rows: plane?.rows ?? 0, slices: now.length };
  const moved = onPresentSlices(found.value.journal.labelmap, about.frames, now, size);
  if (!moved.ok) return moved;
  const history = commit(journalOf(emptyLabelmap(size)), keptText.restoredStep, moved.value);
  return ok({ journal: history, origin: found.value.origin, drafts: new Map() });
}
