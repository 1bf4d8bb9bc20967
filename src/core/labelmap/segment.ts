import type { Code } from '../terminology/code.ts';

/** How a segment came to be (PS3.3 C.8.20.4: Segment Algorithm Type). */
export type SegmentAlgorithm =
  | { readonly type: 'MANUAL' }
  | {
      readonly type: 'SEMIAUTOMATIC' | 'AUTOMATIC';
      /** Model name, e.g. 'LiteMedSAM'. */
      readonly name: string;
      /** Version with the hash of the weights. */
      readonly version: string;
      /** What was asked of it: '1 box, 24 slices, wasm'. */
      readonly parameters?: string;
      readonly source?: string;
    };

export type Rgb = readonly [red: number, green: number, blue: number];

/** What a segment is, apart from its voxels. */
export interface Segment {
  /** 1..65535, unique in the labelmap; stays with the segment for life. */
  readonly number: number;
  readonly label: string;
  /** 0..255 each. */
  readonly color: Rgb;
  readonly category: Code;
  readonly type: Code;
  readonly laterality?: Code;
  readonly description?: string;
  readonly algorithm: SegmentAlgorithm;
  /** Identity over revisions: both or neither (PS3.3 C.8.20.4). */
  readonly trackingId: string;
  readonly trackingUid: string;
  readonly visible: boolean;
  /** 0..1, of the display; 1 where it is not said. */
  readonly opacity?: number;
  readonly locked: boolean;
}

/** Okabe-Ito colours: told apart with the usual colour-vision deficiencies, and light enough on a dark image. */
export const SEGMENT_COLORS: readonly Rgb[] = [
  [240, 228, 66],
  [86, 180, 233],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
  [0, 114, 178],
];

export const colorOf = (segmentNumber: number): Rgb => SEGMENT_COLORS[(segmentNumber - 1) % SEGMENT_COLORS.length]!;
