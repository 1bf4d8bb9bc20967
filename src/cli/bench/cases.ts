import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appError } from '#core/errors.ts';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import { err, ok, type Result } from '#core/result.ts';

/** One lesion with an expert mask: an entry of cases.json. */
export interface BenchCase {
  readonly id: string;
  /** DICOM Modality. */
  readonly modality: string;
  /** Folder of DICOM images. */
  readonly images: string;
  /** NIfTI mask on the grid of the images. */
  readonly mask: string;
  readonly seriesInstanceUID: string;
  /** The slice that gets the box. */
  readonly keySopInstanceUID: string;
  /** Tight box of the expert mask there, inclusive pixel indices. */
  readonly box: SliceBox;
}

/**
 * Reads DIR/cases.json, keeping the modalities and ids asked for (all where none are).
 * @returns errors `file-unreadable`, `bad-cases` naming the first entry that is not understood, `no-cases`
 */
export async function readCases(
  folder: string,
  {
    modalities,
    ids,
  }: { readonly modalities?: readonly string[] | undefined; readonly ids?: readonly string[] | undefined },
): Promise<Result<readonly BenchCase[]>> {
  const path = join(folder, 'cases.json');
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    return err(appError('file-unreadable', `${path} could not be read as JSON.`, { cause }));
  }
  const entries = isRecord(parsed) && Array.isArray(parsed.cases) ? parsed.cases : [];
  const cases: BenchCase[] = [];
  for (const [index, entry] of entries.entries()) {
    const found = caseOf(entry, folder);
    if (found === undefined) return err(appError('bad-cases', `${path}: case ${index + 1} is not understood.`));
    if (modalities !== undefined && !modalities.includes(found.modality)) continue;
    if (ids !== undefined && !ids.some((id) => found.id.startsWith(id))) continue;
    cases.push(found);
  }
  return cases.length > 0 ? ok(cases) : err(appError('no-cases', `${path} holds no such case.`));
}

function caseOf(entry: unknown, folder: string): BenchCase | undefined {
  if (!isRecord(entry) || !isRecord(entry.keySlice)) return undefined;
  const { id, dicomModality: modality, image, mask, seriesInstanceUID, keySlice } = entry;
  const keySopInstanceUID = keySlice.sopInstanceUID;
  const strings = [id, modality, image, mask, seriesInstanceUID, keySopInstanceUID];
  const box = Array.isArray(keySlice.bbox) ? keySlice.bbox : [];
  if (!strings.every((value) => typeof value === 'string') || box.length !== 4 || !box.every(Number.isFinite)) {
    return undefined;
  }
  const [name, kind, images, maskFile, series, sop] = strings as [string, string, string, string, string, string];
  const [x0, y0, x1, y1] = box as [number, number, number, number];
  return {
    id: name,
    modality: kind,
    images: join(folder, images),
    mask: join(folder, maskFile),
    seriesInstanceUID: series,
    keySopInstanceUID: sop,
    box: { x0, y0, x1, y1 },
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
