import { appError } from '#core/errors.ts';
import { withSegment, withSegmentChanged, withSlices } from '#core/labelmap/edit.ts';
import { type Labelmap, segmentByNumber } from '#core/labelmap/labelmap.ts';
import type { Segment, SegmentAlgorithm } from '#core/labelmap/segment.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Lesion, Target } from './sessionState.ts';
import { masksToCommit } from './shownMasks.ts';

export interface LesionCommit {
  /** For the undo list: 'Propagate Lesion 1'. */
  readonly label: string;
  readonly next: Labelmap;
  readonly segment: Segment;
  readonly slices: number;
}

/**
 * The labelmap with the lesion in it; a segment that already has voxels gains the lesion, and loses what the reader erased.
 * @param draft makes the new segment where the target is one
 * @returns errors `lesion-empty`, `segment-locked`, `segment-missing`
 */
export function commitLesion(
  lesion: Lesion,
  labelmap: Labelmap,
  into: Target,
  algorithm: SegmentAlgorithm,
  draft: (change: Partial<Omit<Segment, 'number'>>) => Segment,
): Result<LesionCommit> {
  const segment = into.kind === 'new' ? draft({ algorithm }) : segmentByNumber(labelmap, into.number);
  if (segment === undefined) {
    return err(
      appError('segment-missing', 'The segment that the lesion should go into is not there any more.', {
        remedy: 'Choose another segment, or a new one, and accept again.',
      }),
    );
  }
  if (segment.locked) {
    return err(
      appError('segment-locked', `${segment.label} is locked.`, { remedy: 'Unlock it, or accept into a new segment.' }),
    );
  }
  const masks = masksToCommit(lesion, labelmap, segment.number);
  if (masks.size === 0) {
    return err(
      appError('lesion-empty', 'There is no voxel to accept: the mask is empty, or other segments hold all of it.', {
        remedy: 'Draw the box again, or add a point on the lesion.',
      }),
    );
  }
  const listed =
    into.kind === 'new' ? withSegment(labelmap, segment) : withSegmentChanged(labelmap, segment.number, { algorithm });
  const verb = lesion.phase === 'prompting' ? 'Segment' : 'Propagate';
  return ok({
    label: `${verb} ${segment.label}`,
    next: withSlices(listed, segment.number, masks, 'keep-others'),
    segment,
    slices: masks.size,
  });
}
