import { DEFAULT_MEANING } from '../../terminology/segmentMeaning.ts';
import { colorOf, type Segment } from '../segment.ts';

/** A segment as a reader makes it by hand, for tests. */
export const paintedSegment = (number: number, change: Partial<Segment> = {}): Segment => ({
  number,
  label: `Lesion ${number}`,
  color: colorOf(number),
  ...DEFAULT_MEANING,
  algorithm: { type: 'MANUAL' },
  trackingId: `Lesion ${number}`,
  trackingUid: `2.25.${number}`,
  visible: true,
  locked: false,
  ...change,
});
