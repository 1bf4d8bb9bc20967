import { describe, expect, it } from 'vitest';
import { items } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import {
  built,
  codeOf,
  exact,
  labelmap,
  maskAt,
  PIXELS,
  place,
  series,
  withFrames,
  without,
} from '../../../test/dicom/support/placing.ts';
import { fractional, labelmapOf, testSegment } from '../../../test/dicom/support/segments.ts';
import { decodeSegmentation } from '../decode.ts';
import { writePart10 } from '../encode.ts';
import { packFrames } from './bitStream.ts';
import { element, sequence } from './element.ts';
import { SegTag } from './tags.ts';

describe('frames of other writers', () => {
  const { dataset, pixelData } = built(series, labelmap);
  const frames = items(dataset, Tag.PerFrameFunctionalGroupsSequence);

  it('are read in any order', () => {
    const order = [3, 0, 2, 1];
    const masks = [maskAt([2, 1], [6, 5]), maskAt([3, 3]), maskAt([8, 6]), maskAt([3, 3], [4, 3])];
    const mixed = {
      ...dataset,
      [Tag.PerFrameFunctionalGroupsSequence]: sequence(...order.map((index) => frames[index]!)),
    };
    exact(
      writePart10(
        mixed,
        packFrames(
          order.map((index) => masks[index]!),
          PIXELS,
        ),
      ),
    );
  });

  it('may share the segment and repeat the orientation', () => {
    const one = labelmapOf(series, [[testSegment(1), labelmap.voxels.get(1)!]]);
    const own = built(series, one);
    const [shared] = items(own.dataset, Tag.SharedFunctionalGroupsSequence);
    const segment = { [SegTag.SegmentIdentificationSequence]: frames[0]![SegTag.SegmentIdentificationSequence]! };
    const orientation = { [Tag.PlaneOrientationSequence]: shared![Tag.PlaneOrientationSequence]! };
    const changed = withFrames(own.dataset, (frame) => ({
      ...without(frame, SegTag.SegmentIdentificationSequence),
      ...orientation,
    }));
    const bytes = writePart10(
      {
        ...changed,
        [Tag.SharedFunctionalGroupsSequence]: sequence({
          ...without(shared!, Tag.PlaneOrientationSequence),
          ...segment,
        }),
      },
      own.pixelData,
    );
    exact(bytes, series, one);
  });

  it('without position are placed by the image they name, and refused where they name none', () => {
    const blind = withFrames(dataset, (frame) => without(frame, Tag.PlanePositionSequence));
    exact(writePart10(blind, pixelData));
    const lost = withFrames(blind, (frame) => without(frame, SegTag.DerivationImageSequence));
    expect(codeOf(place(writePart10(lost, pixelData), series))).toBe('no-position');
  });

  it('without source images are placed by their position, in the same frame of reference only', () => {
    const unnamed = withFrames(dataset, (frame) => without(frame, SegTag.DerivationImageSequence));
    exact(writePart10(unnamed, pixelData));
    const foreign = { ...unnamed, [Tag.FrameOfReferenceUID]: element('UI', '1.2.3') };
    expect(codeOf(place(writePart10(foreign, pixelData), series))).toBe('other-frame-of-reference');
  });

  it('that name one image and lie on another are refused, never moved (the slice-order flip of older writers)', () => {
    const positions = frames.map((frame) => frame[Tag.PlanePositionSequence]!);
    const flipped = withFrames(dataset, (frame, index) => ({
      ...frame,
      [Tag.PlanePositionSequence]: positions[3 - index]!,
    }));
    expect(codeOf(place(writePart10(flipped, pixelData), series))).toBe('position-conflict');
  });

  it('twice for one segment and slice are refused', () => {
    const twice = withFrames(dataset, (frame, index) => (index === 1 ? frames[0]! : frame));
    expect(codeOf(place(writePart10(twice, pixelData), series))).toBe('duplicate-frames');
  });

  it('of a segment that is not described are refused', () => {
    const dangling = withFrames(dataset, (frame) => ({
      ...frame,
      [SegTag.SegmentIdentificationSequence]: sequence({ [SegTag.ReferencedSegmentNumber]: element('US', 9) }),
    }));
    expect(decodeSegmentation(writePart10(dangling, pixelData))).toMatchObject({ error: { code: 'dangling-segment' } });
  });
});

describe('fractions', () => {
  const own = built(series, labelmapOf(series, [[testSegment(1), new Map([[2, maskAt([0, 0])]])]]));
  const bytesOf = (...values: readonly number[]): Uint8Array => {
    const pixels = new Uint8Array(64);
    pixels.set(values);
    return writePart10(fractional(own.dataset, 200), pixels);
  };

  it('that are all or nothing need no choice', () => {
    const placed = place(bytesOf(200, 0, 200), series);
    expect(placed.ok && placed.value.voxels.get(1)!.get(2)).toEqual(maskAt([0, 0], [2, 0]));
  });

  it('ask for a threshold, and are never cut without one', () => {
    const bytes = bytesOf(200, 99, 100);
    expect(codeOf(place(bytes, series))).toBe('fraction-threshold-needed');
    const half = place(bytes, series, { fractionThreshold: 0.5 });
    expect(half.ok && half.value.voxels.get(1)!.get(2)).toEqual(maskAt([0, 0], [2, 0]));
  });
});
