import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { type AppError, appError } from '#core/errors.ts';
import { isEmptyMask, type Labelmap, type SliceMask } from '#core/labelmap/labelmap.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import { err, ok, type Result } from '#core/result.ts';

/** A segment that has voxels, with its number in the object: 1..N without gaps, as BINARY demands. */
export interface PlannedSegment {
  readonly segment: Segment;
  readonly segmentNumber: number;
}

export interface PlannedFrame {
  readonly segmentNumber: number;
  readonly k: number;
  /** 1-based rank of the slice among the slices of this object. */
  readonly positionRank: number;
  readonly mask: SliceMask;
}

/** What an object will hold. */
export interface FramePlan {
  readonly segments: readonly PlannedSegment[];
  /** Segment by segment, each from its lowest slice to its highest. */
  readonly frames: readonly PlannedFrame[];
  /** Slices that have at least one frame, ascending. */
  readonly slices: readonly number[];
  /** Numbers of the segments left out because they have no voxels. */
  readonly dropped: readonly number[];
}

/**
 * Frames of a labelmap: empty slices and empty segments are left out.
 * @returns errors `ambiguous-slices`, `grid-mismatch`, `nothing-to-save`
 */
export function planFrames(series: ImageSeries, labelmap: Labelmap): Result<FramePlan> {
  const problem = mismatch(series, labelmap);
  if (problem !== undefined) return err(problem);
  const segments: PlannedSegment[] = [];
  const dropped: number[] = [];
  const masks: { segmentNumber: number; k: number; mask: SliceMask }[] = [];
  for (const segment of labelmap.segments) {
    const slices = [...(labelmap.voxels.get(segment.number) ?? [])]
      .filter(([, mask]) => !isEmptyMask(mask))
      .sort(([a], [b]) => a - b);
    if (slices.length === 0) {
      dropped.push(segment.number);
      continue;
    }
    const segmentNumber = segments.length + 1;
    segments.push({ segment, segmentNumber });
    masks.push(...slices.map(([k, mask]) => ({ segmentNumber, k, mask })));
  }
  if (masks.length === 0) {
    return err(
      appError('nothing-to-save', 'No segment has a voxel, so there is nothing to save.', {
        remedy: 'Segment something first.',
      }),
    );
  }
  const slices = [...new Set(masks.map(({ k }) => k))].sort((a, b) => a - b);
  const rank = new Map(slices.map((k, index) => [k, index + 1]));
  return ok({ segments, frames: masks.map((mask) => ({ ...mask, positionRank: rank.get(mask.k)! })), slices, dropped });
}

function mismatch(series: ImageSeries, labelmap: Labelmap): AppError | undefined {
  const plane = series.stack.planes[0]!;
  if (series.stack.use === 'view') {
    return appError('ambiguous-slices', 'Slices of this series share a position or do not fit one grid.', {
      remedy: 'Segment a series whose slices each have a place of their own.',
      context: { issues: series.stack.issues.map(({ kind }) => kind).join(' ') },
    });
  }
  const { columns, rows, slices } = labelmap.size;
  const pixels = columns * rows;
  const fits =
    columns === plane.columns &&
    rows === plane.rows &&
    slices === series.frames.length &&
    [...labelmap.voxels.values()].every((voxels) =>
      [...voxels].every(([k, mask]) => mask.length === pixels && k >= 0 && k < slices),
    );
  if (fits) return undefined;
  return appError('grid-mismatch', 'The segmentation does not have the size of the image series.', {
    context: {
      expected: `${plane.columns}x${plane.rows}x${series.frames.length}`,
      actual: `${columns}x${rows}x${slices}`,
    },
  });
}

/** Whether two segments share a voxel (Segments Overlap, PS3.3 C.8.20.2). */
export function segmentsOverlap(plan: FramePlan): boolean {
  const perSlice = new Map<number, SliceMask[]>();
  for (const { k, mask } of plan.frames) {
    const masks = perSlice.get(k);
    if (masks === undefined) perSlice.set(k, [mask]);
    else masks.push(mask);
  }
  return [...perSlice.values()].some((masks) => masks.length > 1 && anyShared(masks));
}

function anyShared(masks: readonly SliceMask[]): boolean {
  const union = inWords(masks[0]!.slice());
  for (const mask of masks.slice(1)) {
    const words = inWords(mask);
    for (let index = 0; index < words.length; index += 1) {
      if ((words[index]! & union[index]!) !== 0) return true;
      union[index]! |= words[index]!;
    }
  }
  return false;
}

/** Four voxels at a time where the mask allows it: all masks of a labelmap have one length. */
const inWords = (mask: SliceMask): Uint8Array | Uint32Array =>
  mask.length % 4 !== 0
    ? mask
    : new Uint32Array(
        mask.byteOffset % 4 === 0 ? mask.buffer : mask.slice().buffer,
        mask.byteOffset % 4 === 0 ? mask.byteOffset : 0,
        mask.length / 4,
      );
