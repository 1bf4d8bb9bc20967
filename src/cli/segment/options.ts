import type { SliceBox } from '#core/geometry/coordinates.ts';
import { err, ok, type Result } from '#core/result.ts';
import { address, parsed, positive, usageError } from '../usage.ts';

/** A box on a slice; the slice is an index k or a SOP Instance UID, until the series is read. */
export interface BoxOnSlice {
  readonly slice: string;
  readonly box: SliceBox;
}

export interface SegmentOptions {
  readonly dicom: string;
  readonly series: string | undefined;
  readonly boxes: readonly BoxOnSlice[];
  /** Other series that have a say: folders, or UIDs of series in the folder of `dicom`. */
  readonly also: readonly string[];
  readonly range: { readonly first: number; readonly last: number } | undefined;
  readonly model: string | undefined;
  /** Who propagates; see ModelChoice. */
  readonly propagation: string | undefined;
  readonly label: string;
  readonly out: string | undefined;
  /** DICOMweb root to which the segmentation is sent. */
  readonly store: string | undefined;
  readonly threads: number | undefined;
  /** Inference server (Open Inference Protocol) to which slices are sent instead of being computed on here. */
  readonly inference?: string | undefined;
  readonly json: boolean;
}

/** Reads the arguments after `segment`; error `usage`. */
export function segmentOptions(args: readonly string[]): Result<SegmentOptions> {
  const values = parsed(args, {
    dicom: { type: 'string' },
    series: { type: 'string' },
    slice: { type: 'string', multiple: true },
    box: { type: 'string', multiple: true },
    also: { type: 'string', multiple: true },
    range: { type: 'string' },
    model: { type: 'string' },
    propagation: { type: 'string' },
    label: { type: 'string' },
    out: { type: 'string' },
    store: { type: 'string' },
    threads: { type: 'string' },
    inference: { type: 'string' },
    json: { type: 'boolean' },
  });
  if (!values.ok) return values;
  const {
    dicom,
    series,
    slice = [],
    box = [],
    also = [],
    range,
    model,
    propagation,
    label = 'Lesion',
    out,
    store,
    threads,
    inference,
    json = false,
  } = values.value;
  if (dicom === undefined) return err(usageError('--dicom is missing.'));
  if (slice.length === 0 || slice.length !== box.length) {
    return err(usageError('--slice and --box go in pairs, one pair at least.'));
  }
  if (label.trim() === '' || label.length > 64) return err(usageError('--label needs 1 to 64 characters.'));
  const server = address(inference, '--inference');
  if (!server.ok) return server;
  const archive = address(store, '--store');
  if (!archive.ok) return archive;
  const boxes = box.map(boxOf);
  if (boxes.some((parsedBox) => parsedBox === undefined)) {
    return err(usageError('--box must be x0,y0,x1,y1 with x0 <= x1 and y0 <= y1.'));
  }
  const ends = rangeOf(range);
  if (range !== undefined && ends === undefined) return err(usageError('--range must be k0:k1 with k0 <= k1.'));
  const count = positive(threads, '--threads');
  if (!count.ok) return count;
  return ok({
    dicom,
    series,
    boxes: slice.map((name, index) => ({ slice: name, box: boxes[index]! })),
    also,
    range: ends,
    model,
    propagation,
    label,
    out,
    store: archive.value,
    threads: count.value,
    inference: server.value,
    json,
  });
}

function boxOf(text: string): SliceBox | undefined {
  const [x0, y0, x1, y1, ...rest] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const edges = [x0, y0, x1, y1].filter((edge): edge is number => edge !== undefined && Number.isFinite(edge));
  if (edges.length !== 4 || rest.length > 0) return undefined;
  const [left, top, right, bottom] = edges as [number, number, number, number];
  return left <= right && top <= bottom ? { x0: left, y0: top, x1: right, y1: bottom } : undefined;
}

function rangeOf(text: string | undefined): { first: number; last: number } | undefined {
  const match = /^(\d+):(\d+)$/.exec(text ?? '');
  if (match === null) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  return first <= last ? { first, last } : undefined;
}

/** A UID rather than a folder. */
export const isUid = (name: string): boolean => /^\d+(\.\d+)+$/.test(name);
