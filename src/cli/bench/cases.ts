import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appError } from '#core/errors.ts';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import { isRecord } from '#core/isRecord.ts';
import { err, ok, type Result } from '#core/result.ts';
import { usualCompanions } from '../../../extensions/sam-segmentation/node.ts';

/** One lesion with an expert mask: an entry of cases.json. */
export type BenchCase = {
  readonly id: string;
  /** Series of one patient are never counted as independent. */
  readonly patient: string;
  /** Part of the data that the patient belongs to (train, val, test…), where cases.json says it. */
  readonly split: string | undefined;
  /** DICOM Modality. */
  readonly modality: string;
  /** Mask (NIfTI, NRRD) on the grid of the images. */
  readonly mask: string;
  /** Folder of DICOM images, or a volume file. */
  readonly images: string;
  /** Tight box of the expert mask on the key slice, inclusive pixel indices. */
  readonly box: SliceBox;
} & (
  | {
      readonly kind: 'dicom';
      readonly seriesInstanceUID: string;
      readonly keySopInstanceUID: string;
      readonly frameOfReferenceUID: string | undefined;
      /** Other series of the same patient and frame of reference that have a say besides. */
      readonly companions: readonly CompanionSeries[];
    }
  | { readonly kind: 'volume'; readonly k: number }
);

/** Another series of a case's patient. */
export interface CompanionSeries {
  readonly modality: string;
  /** Folder of DICOM images. */
  readonly images: string;
  readonly seriesInstanceUID: string;
}

/** More parts than this are several lesions, and one box is not meant to find them. */
const MOST_COMPONENTS = 2;

/** Which cases to keep; all where nothing is said. */
export interface CaseSelection {
  readonly modalities?: readonly string[] | undefined;
  /** Beginnings of ids. */
  readonly ids?: readonly string[] | undefined;
  readonly patients?: readonly string[] | undefined;
}

/**
 * Reads DIR/cases.json, keeping the cases asked for.
 * @returns errors `file-unreadable`; `bad-cases` naming the first entry that is not understood, or a patient that is in two
 *   splits; `no-cases`
 */
export async function readCases(
  folder: string,
  { modalities, ids, patients }: CaseSelection,
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
  const all: BenchCase[] = [];
  for (const [index, entry] of entries.entries()) {
    const found = caseOf(entry, folder);
    if (found === undefined) return err(appError('bad-cases', `${path}: case ${index + 1} is not understood.`));
    all.push(found);
    if (isRecord(entry) && Number(entry.components ?? 1) > MOST_COMPONENTS) continue;
    if (modalities !== undefined && !modalities.includes(found.modality)) continue;
    if (ids !== undefined && !ids.some((id) => found.id.startsWith(id))) continue;
    if (patients !== undefined && !patients.includes(found.patient)) continue;
    cases.push(found);
  }
  const torn = cases.find(({ patient, split }) =>
    cases.some((other) => other.patient === patient && other.split !== split),
  );
  if (torn !== undefined) {
    return err(appError('bad-cases', `${path}: patient ${torn.patient} is in more than one split.`));
  }
  return cases.length > 0
    ? ok(cases.map((each) => withCompanions(each, all)))
    : err(appError('no-cases', `${path} holds no such case.`));
}

/** The series of the other modalities of a patient, as the viewer would take them: of those in `cases.json`, whether asked for or not. */
function withCompanions(each: BenchCase, all: readonly BenchCase[]): BenchCase {
  if (each.kind !== 'dicom' || each.frameOfReferenceUID === undefined) return each;
  const beside = all.flatMap((other) =>
    other.kind === 'dicom' && other.patient === each.patient && other.frameOfReferenceUID === each.frameOfReferenceUID
      ? [other]
      : [],
  );
  return { ...each, companions: usualCompanions(each.modality, beside) };
}

function caseOf(entry: unknown, folder: string): BenchCase | undefined {
  if (!isRecord(entry) || !isRecord(entry.keySlice)) return undefined;
  const { id, patient, split, image, mask, seriesInstanceUID, keySlice } = entry;
  const { bbox, sopInstanceUID: keySopInstanceUID, index: k } = keySlice;
  if (typeof id !== 'string' || typeof image !== 'string' || typeof mask !== 'string') return undefined;
  const edges = Array.isArray(bbox) ? bbox.filter((edge): edge is number => Number.isInteger(edge)) : [];
  if (edges.length !== 4) return undefined;
  const [x0, y0, x1, y1] = edges as [number, number, number, number];
  const modality = modalityOf(entry);
  const place = {
    id,
    patient: typeof patient === 'string' ? patient : id.split('/')[0]!,
    split: typeof split === 'string' ? split : undefined,
    modality,
    images: join(folder, image),
    mask: join(folder, mask),
    box: { x0, y0, x1, y1 },
  };
  if (typeof seriesInstanceUID === 'string' && typeof keySopInstanceUID === 'string') {
    const frameOfReferenceUID = typeof entry.frameOfReferenceUID === 'string' ? entry.frameOfReferenceUID : undefined;
    return { ...place, kind: 'dicom', seriesInstanceUID, keySopInstanceUID, frameOfReferenceUID, companions: [] };
  }
  // Only slices along the third axis are files' own slices.
  return keySlice.axis === 2 && typeof k === 'number' ? { ...place, kind: 'volume', k } : undefined;
}

/** Volume files do not name a modality: values of air in Hounsfield units tell CT from MR. */
function modalityOf({ dicomModality, intensity }: Record<string, unknown>): string {
  if (typeof dicomModality === 'string') return dicomModality;
  return Array.isArray(intensity) && Number(intensity[0]) < -500 ? 'CT' : 'MR';
}
