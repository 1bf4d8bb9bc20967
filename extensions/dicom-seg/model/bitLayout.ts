import { anyBitSet, streamLength } from './bitStream.ts';

/** Where the frames of a native one-bit stream start. */
export interface BitLayout {
  /** Bits from the start of one frame to the start of the next. */
  readonly stride: number;
  /**
   * `standard`: one stream of bits; `padded`: every frame starts on a byte, which the standard forbids and Cornerstone's adapters
   * write; `assumed`: both would fit and give different masks, and the standard was followed.
   */
  readonly kind: 'standard' | 'padded' | 'assumed';
}

/**
 * Tells conforming one-bit pixel data from that with padded frames. The length tells them apart where they differ in it; where they
 * do not (few frames), bits that one of them says are padding must be zero. What is left is ambiguous only if both give other
 * masks; then the standard is followed.
 * @returns undefined where the length fits neither
 */
export function bitLayoutOf(stream: Uint8Array, frames: number, pixels: number): BitLayout | undefined {
  const continuous = frames * pixels;
  const paddedStride = Math.ceil(pixels / 8) * 8;
  const fits = (bits: number): boolean => {
    const bytes = Math.ceil(bits / 8);
    return (
      (stream.length === bytes || stream.length === streamLength(bits)) && !anyBitSet(stream, bits, stream.length * 8)
    );
  };
  const paddingIsZero = (): boolean => {
    for (let frame = 0; frame < frames; frame += 1) {
      if (anyBitSet(stream, frame * paddedStride + pixels, (frame + 1) * paddedStride)) return false;
    }
    return true;
  };
  const standard = fits(continuous);
  if (paddedStride === pixels || frames === 1)
    return standard || lengthFits(stream, continuous) ? { stride: pixels, kind: 'standard' } : undefined;
  const padded = fits(frames * paddedStride) && paddingIsZero();
  if (standard && padded) {
    const blank = !anyBitSet(stream, paddedStride - 7, stream.length * 8);
    return { stride: pixels, kind: blank ? 'standard' : 'assumed' };
  }
  if (padded) return { stride: paddedStride, kind: 'padded' };
  return standard || lengthFits(stream, continuous) ? { stride: pixels, kind: 'standard' } : undefined;
}

/** Dirty padding at the end is tolerated where only one layout has that length. */
const lengthFits = (stream: Uint8Array, bits: number): boolean =>
  stream.length === Math.ceil(bits / 8) || stream.length === streamLength(bits);
