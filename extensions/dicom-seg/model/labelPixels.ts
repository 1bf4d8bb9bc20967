import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { FramePlan } from './framePlan.ts';

/** Pixels of a label map: one frame per slice, the value of a pixel is its segment number, 0 is background. */
export interface LabelPixels {
  readonly bitsAllocated: 8 | 16;
  /** Little-endian, even length. */
  readonly bytes: Uint8Array;
}

/**
 * @param pixels pixels per frame
 * @returns error `segments-overlap`: a pixel has one label, and which one would be a guess
 */
export function labelPixels(plan: FramePlan, pixels: number): Result<LabelPixels> {
  const bitsAllocated = plan.segments.length > 255 ? 16 : 8;
  const labels =
    bitsAllocated === 8 ? new Uint8Array(pixels * plan.slices.length) : new Uint16Array(pixels * plan.slices.length);
  for (const { mask, segmentNumber, positionRank } of plan.frames) {
    const start = (positionRank - 1) * pixels;
    for (let index = 0; index < pixels; index += 1) {
      if (mask[index] !== 1) continue;
      if (labels[start + index] !== 0) {
        return err(
          appError('segments-overlap', 'A label map cannot hold segments that overlap.', {
            remedy: 'Save as a binary segmentation, or remove the overlap.',
            context: { first: labels[start + index]!, second: segmentNumber },
          }),
        );
      }
      labels[start + index] = segmentNumber;
    }
  }
  return ok({ bitsAllocated, bytes: littleEndian(labels) });
}

function littleEndian(labels: Uint8Array | Uint16Array): Uint8Array {
  if (labels instanceof Uint8Array) {
    const even = new Uint8Array(labels.length + (labels.length % 2));
    even.set(labels);
    return even;
  }
  const bytes = new Uint8Array(labels.length * 2);
  const view = new DataView(bytes.buffer);
  labels.forEach((label, index) => {
    view.setUint16(index * 2, label, true);
  });
  return bytes;
}
