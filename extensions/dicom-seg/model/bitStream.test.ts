import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitLayoutOf } from './bitLayout.ts';
import { packFrames, streamLength, unpackFrame } from './bitStream.ts';

/** The definition, bit by bit: PS3.5 8.1.1. */
function packedOneByOne(frames: readonly Uint8Array[], pixels: number): Uint8Array {
  const stream = new Uint8Array(streamLength(frames.length * pixels));
  frames.forEach((mask, frame) => {
    mask.forEach((value, index) => {
      const bit = frame * pixels + index;
      if (value === 1) stream[bit >> 3]! |= 1 << (bit & 7);
    });
  });
  return stream;
}

const maskOf = (pixels: number) => fc.uint8Array({ minLength: pixels, maxLength: pixels, max: 1 });
const framesOf = fc
  .integer({ min: 1, max: 75 })
  .chain((pixels) =>
    fc.record({ pixels: fc.constant(pixels), frames: fc.array(maskOf(pixels), { minLength: 1, maxLength: 6 }) }),
  );

/** What Cornerstone's adapters write: every frame padded to whole bytes. */
const padded = (frames: readonly Uint8Array[], pixels: number): Uint8Array => {
  const stride = Math.ceil(pixels / 8);
  const stream = new Uint8Array(streamLength(frames.length * stride * 8));
  frames.forEach((mask, index) => {
    stream.set(packFrames([mask], pixels).subarray(0, stride), index * stride);
  });
  return stream;
};

describe('one-bit streams', () => {
  it('packs frames without padding between them, lowest bit first', () => {
    fc.assert(
      fc.property(framesOf, ({ pixels, frames }) => {
        expect(packFrames(frames, pixels)).toEqual(packedOneByOne(frames, pixels));
      }),
      { seed: 1 },
    );
  });

  it('reads back what it packs, wherever a frame starts in a byte', () => {
    fc.assert(
      fc.property(framesOf, ({ pixels, frames }) => {
        const stream = packFrames(frames, pixels);
        frames.forEach((mask, index) => {
          expect(unpackFrame(stream, index * pixels, pixels)).toEqual(mask);
        });
      }),
      { seed: 2 },
    );
  });

  it('packs a mask that is a view into a larger buffer at an odd offset', () => {
    const buffer = new Uint8Array(50).map((_, index) => ((index * 7) % 3) & 1);
    const view = buffer.subarray(3, 36);
    expect(packFrames([view], 33)).toEqual(packedOneByOne([view], 33));
  });

  it('pads the stream to an even number of bytes', () => {
    expect(packFrames([new Uint8Array(3)], 3)).toHaveLength(2);
    expect(packFrames([new Uint8Array(17)], 17)).toHaveLength(4);
  });
});

describe('the layout of a one-bit stream', () => {
  it('takes every conforming stream for conforming', () => {
    fc.assert(
      fc.property(framesOf, ({ pixels, frames }) => {
        const layout = bitLayoutOf(packFrames(frames, pixels), frames.length, pixels);
        expect(layout?.stride).toBe(pixels);
        expect(layout?.kind).not.toBe('padded');
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it('never shifts a padded stream without saying that it assumed the standard', () => {
    fc.assert(
      fc.property(framesOf, ({ pixels, frames }) => {
        const stream = padded(frames, pixels);
        const layout = bitLayoutOf(stream, frames.length, pixels);
        const exact = frames.every((mask, index) => {
          const read = unpackFrame(stream, index * (layout?.stride ?? 0), pixels);
          return read.every((value, p) => value === mask[p]);
        });
        expect(exact || layout?.kind === 'assumed').toBe(true);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it('knows by the length that 3 frames of 23x38 for two segments are padded', () => {
    const frames = Array.from({ length: 6 }, (_, k) =>
      Uint8Array.from({ length: 874 }, (_v, p) => Number((p + k) % 5 === 0)),
    );
    expect(bitLayoutOf(padded(frames, 874), 6, 874)).toEqual({ stride: 880, kind: 'padded' });
    expect(bitLayoutOf(packFrames(frames, 874), 6, 874)).toEqual({ stride: 874, kind: 'standard' });
  });

  it('knows 2 frames of 23x38 by their padding bits, since both layouts have 220 bytes', () => {
    const full = new Uint8Array(874).fill(1);
    expect(packFrames([full, full], 874)).toHaveLength(padded([full, full], 874).length);
    expect(bitLayoutOf(packFrames([full, full], 874), 2, 874)?.kind).toBe('standard');
    expect(bitLayoutOf(padded([full, full], 874), 2, 874)?.kind).toBe('padded');
  });

  it('refuses a stream whose length fits nothing', () => {
    expect(bitLayoutOf(new Uint8Array(100), 3, 874)).toBeUndefined();
  });
});
