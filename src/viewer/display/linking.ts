import type { OpenSlices } from '../series/openSlices.ts';
import type { ViewerState } from '../viewerState.ts';
import type { Crosshairs } from './crosshairs.ts';
import { linkBetween } from './paneLink.ts';
import type { Readout } from './readout.ts';

/** What the open series and the one beside it are to each other. */
export interface Linking {
  /** One of the two came or went. */
  renew(): void;
  /** Whether the reader wants them to move together, where they can. */
  want(on: boolean): void;
  /** The series beside the open one while it follows. */
  readonly linked: () => OpenSlices | undefined;
}

/** What is linked, and what shows it. */
export interface LinkingGround {
  readonly link: ViewerState['link'];
  readonly openSlices: () => OpenSlices | undefined;
  readonly besideSlices: () => OpenSlices | undefined;
  readonly crosshairs: () => Pick<Crosshairs, 'point' | 'moveTo' | 'redraw'>;
  readonly readout: () => Readout;
}

export function createLinking({ link, openSlices, besideSlices, ...shown }: LinkingGround): Linking {
  let wanted = true;
  const linked = (): OpenSlices | undefined => (link.getState()?.kind === 'linked' ? besideSlices() : undefined);

  function renew(): void {
    const [one, other] = [openSlices(), besideSlices()];
    link.set(one && other && linkBetween(one, other, wanted));
    const crosshairs = shown.crosshairs();
    const point = crosshairs.point();
    if (linked() !== undefined && point !== undefined) crosshairs.moveTo(point, 'acquisition');
    crosshairs.redraw();
    shown.readout().refresh();
  }

  return {
    renew,
    want: (on) => {
      wanted = on;
      renew();
    },
    linked,
  };
}
