import { appError } from '#core/errors.ts';
import { isEmptyMask, type SliceMask } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { DecodedFrame, DecodedSegmentation } from './decoded.ts';

/** One segment on one frame. */
export interface FrameMask {
  readonly frame: DecodedFrame;
  readonly segmentNumber: number;
  readonly mask: SliceMask;
}

/** Masks of more than this do not fit a browser tab beside the images. */
const MOST_BYTES = 3 * 2 ** 30;

/**
 * Masks of all frames, without those that are empty.
 * @param threshold share of the maximum from which a FRACTIONAL voxel counts as inside, 0..1
 * @returns errors `fraction-threshold-needed` (true fractions and no threshold: the choice is the reader's), `undescribed-label`,
 * `too-many-frames`
 */
export function frameMasks(decoded: DecodedSegmentation, threshold: number | undefined): Result<readonly FrameMask[]> {
  const pixels = decoded.columns * decoded.rows;
  if (decoded.frames.length * pixels > MOST_BYTES) {
    return err(
      appError('too-many-frames', 'The segmentation is too large to be edited here.', {
        context: { frames: decoded.frames.length, pixels },
      }),
    );
  }
  const described = new Set(decoded.segments.map(({ number }) => number));
  const masks: FrameMask[] = [];
  for (const frame of decoded.frames) {
    const stored = decoded.storedFrame(frame.index);
    if (decoded.kind === 'LABELMAP') {
      const labels = labelMasks(stored);
      const unknown = [...labels.keys()].find((label) => !described.has(label));
      if (unknown !== undefined) {
        return err(
          appError('undescribed-label', 'The label map holds a value that no segment describes.', {
            context: { value: unknown, frame: frame.index + 1 },
          }),
        );
      }
      for (const [segmentNumber, mask] of labels) masks.push({ frame, segmentNumber, mask });
      continue;
    }
    const mask = decoded.fraction ? fractionMask(stored, decoded.fraction.maximum, threshold) : stored;
    if (mask === undefined) return err(thresholdNeeded(decoded));
    if (mask instanceof Uint8Array && !isEmptyMask(mask))
      masks.push({ frame, segmentNumber: frame.segmentNumber!, mask });
  }
  return ok(masks);
}

/** Undefined where a value is a true fraction and there is no threshold. */
function fractionMask(
  stored: ArrayLike<number>,
  maximum: number,
  threshold: number | undefined,
): SliceMask | undefined {
  const mask = new Uint8Array(stored.length);
  const least = (threshold ?? 1) * maximum;
  for (let index = 0; index < mask.length; index += 1) {
    const value = stored[index]!;
    if (threshold === undefined && value !== 0 && value !== maximum) return undefined;
    if (value !== 0 && value >= least) mask[index] = 1;
  }
  return mask;
}

function labelMasks(stored: ArrayLike<number>): Map<number, SliceMask> {
  const masks = new Map<number, SliceMask>();
  let label = 0;
  let mask: SliceMask | undefined;
  for (let index = 0; index < stored.length; index += 1) {
    const value = stored[index]!;
    if (value === 0) continue;
    if (value !== label || mask === undefined) {
      label = value;
      mask = masks.get(value) ?? new Uint8Array(stored.length);
      masks.set(value, mask);
    }
    mask[index] = 1;
  }
  return masks;
}

const thresholdNeeded = ({ fraction }: DecodedSegmentation) =>
  appError('fraction-threshold-needed', 'The segmentation holds fractions, not a border.', {
    remedy: 'Choose the fraction from which a voxel counts as inside.',
    context: { type: fraction?.type ?? 'PROBABILITY', maximum: fraction?.maximum ?? 255 },
  });
