import { isRecord } from '../isRecord.ts';
import type { LabelmapSize } from './labelmap.ts';
import type { JournalText, StepText } from './workText.ts';

/** A slice of more pixels than DICOM's largest image is no slice (Rows and Columns are US, PS3.3 C.7.6.3). */
const MOST_SIDE = 65_535;

/**
 * Whether a JSON value is a journal that can be taken up: what was torn or changed on the disk is told before it is work, and
 * not when it is drawn or undone.
 */
export function isJournalText(value: unknown): value is JournalText {
  if (!isRecord(value) || !isSize(value.size)) return false;
  const { size } = value;
  return (
    areSegments(value.segments) &&
    isList(value.voxels, (one) => isPair(one) && isNumber(one[0]) && isList(one[1], (slice) => isSlice(slice, size))) &&
    isList(value.past, (delta) => isDelta(delta, size)) &&
    isList(value.future, (delta) => isDelta(delta, size))
  );
}

/** Whether a JSON value is a step on a labelmap of this size. */
export function isStepText(value: unknown, size: LabelmapSize): value is StepText {
  if (!isRecord(value)) return false;
  if (value.kind === 'commit') return isDelta(value.delta, size);
  return ['undo', 'redo', 'display'].includes(String(value.kind)) && areSegments(value.segments);
}

const isList = (value: unknown, each: (one: unknown) => boolean): value is readonly unknown[] =>
  Array.isArray(value) && value.every(each);
const isPair = (value: unknown): value is readonly [unknown, unknown] => Array.isArray(value) && value.length === 2;
const isText = (value: unknown): value is string => typeof value === 'string';
const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const isNumber = (value: unknown): boolean => isWhole(value, 1, MOST_SIDE);
const isByte = (value: unknown): boolean => isWhole(value, 0, 255);

const isSize = (value: unknown): value is LabelmapSize =>
  isRecord(value) &&
  [value.columns, value.rows].every((side) => isWhole(side, 1, MOST_SIDE)) &&
  isWhole(value.slices, 1, Number.MAX_SAFE_INTEGER);

/** Numbers are unique: voxels belong to a segment by its number. */
const areSegments = (value: unknown): boolean =>
  isList(value, isSegment) && new Set(value.map((one) => isRecord(one) && one.number)).size === value.length;

const isSegment = (value: unknown): boolean =>
  isRecord(value) &&
  isNumber(value.number) &&
  [value.label, value.trackingId, value.trackingUid].every(isText) &&
  isList(value.color, isByte) &&
  value.color.length === 3 &&
  [value.category, value.type].every(isCode) &&
  (value.laterality === undefined || isCode(value.laterality)) &&
  (value.description === undefined || isText(value.description)) &&
  isRecord(value.algorithm) &&
  ['MANUAL', 'SEMIAUTOMATIC', 'AUTOMATIC'].includes(String(value.algorithm.type)) &&
  (value.algorithm.type === 'MANUAL' || [value.algorithm.name, value.algorithm.version].every(isText)) &&
  typeof value.visible === 'boolean' &&
  typeof value.locked === 'boolean' &&
  (value.opacity === undefined || typeof value.opacity === 'number');

const isCode = (value: unknown): boolean => isRecord(value) && [value.value, value.scheme, value.meaning].every(isText);

const isSlice = (value: unknown, size: LabelmapSize): boolean =>
  isPair(value) && isWhole(value[0], 0, size.slices - 1) && areRuns(value[1], size);

const isDelta = (value: unknown, size: LabelmapSize): boolean =>
  isRecord(value) &&
  isText(value.label) &&
  (value.segments === undefined ||
    (isRecord(value.segments) && areSegments(value.segments.before) && areSegments(value.segments.after))) &&
  isList(
    value.slices,
    (one) =>
      Array.isArray(one) &&
      one.length === 4 &&
      isNumber(one[0]) &&
      isWhole(one[1], 0, size.slices - 1) &&
      areRuns(one[2], size) &&
      areRuns(one[3], size),
  );

/** Start and length by turns, one behind the other, inside the slice. */
function areRuns(value: unknown, { columns, rows }: LabelmapSize): boolean {
  if (!Array.isArray(value) || value.length % 2 !== 0) return false;
  let end = 0;
  for (let at = 0; at < value.length; at += 2) {
    const [start, length]: readonly unknown[] = value.slice(at, at + 2);
    if (!isWhole(start, end, columns * rows) || !isWhole(length, 1, columns * rows - start)) return false;
    end = start + length;
  }
  return true;
}
