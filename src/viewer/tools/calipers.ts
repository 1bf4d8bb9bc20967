import type { ReadableState } from '#extension-api';
import type { OpenSlices } from '../series/openSlices.ts';
import type { Caliper, CaliperPort } from './caliperTool.ts';

/** The diameters of the slice in view, whoever measures them. */
export interface Calipers extends CaliperPort {
  show(state: ReadableState<readonly Caliper[]>): () => void;
}

export function createCalipers(
  place: () => { readonly slices: OpenSlices; readonly k: number } | undefined,
  redraw: () => void,
): Calipers {
  let all: ReadableState<readonly Caliper[]> | undefined;
  return {
    shown: () => {
      const here = place();
      const plane = here?.slices.series.stack.planes[here.k];
      return plane && { plane, calipers: all?.getState().filter(({ k }) => k === here?.k) ?? [] };
    },
    show: (state) => {
      all = state;
      const stop = state.subscribe(redraw);
      return () => {
        stop();
        if (all === state) all = undefined;
      };
    },
  };
}
