import type { AppError } from '#core/errors.ts';

/** Exit codes: 2 where the command line is wrong, 1 where the work failed. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** An error for people (`error:`, `remedy:`) or, with --json, for programs; both on standard error. */
export function printError(error: AppError, json: boolean): void {
  if (json) {
    console.error(JSON.stringify({ error }));
    return;
  }
  console.error(`error: ${error.message}`);
  if (error.remedy !== undefined) console.error(`remedy: ${error.remedy}`);
  if (error.cause !== undefined) console.error(`cause: ${error.cause}`);
}

/** Columns padded to their widest cell; the first is aligned left, numbers right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}
