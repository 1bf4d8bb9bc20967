import type { LabelmapPort } from '#extension-api';

/** Runs in our page: a disc of an eighth of the image's width round the middle of each slice, as a segment. */
export function labelEverySlice(): void {
  // The host of the extension API, of which the tests' own type names less.
  const { labelmap } = globalThis.voxprompt as unknown as { readonly labelmap: LabelmapPort };
  const present = labelmap.state.getState().journal.labelmap;
  const { columns, rows, slices } = present.size;
  const disc = Uint8Array.from({ length: columns * rows }, (_, at) =>
    Math.hypot((at % columns) - columns / 2, Math.floor(at / columns) - rows / 2) < columns / 8 ? 1 : 0,
  );
  const segment = labelmap.draftSegment();
  const voxels = new Map(Array.from({ length: slices }, (_, k) => [k, disc]));
  labelmap.commit('Discs', { ...present, segments: [segment], voxels: new Map([[segment.number, voxels]]) });
}
