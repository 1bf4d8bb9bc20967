import type { Command } from '#extension-api';
import type { Layout, Viewer } from '#viewer';
import type { Pairing } from '../series/createPairing.ts';
import { text } from '../text.ts';

export const LAYOUTS = [
  { layout: 'stack', icon: 'stack', shortcut: 'q' },
  { layout: 'pair', icon: 'pair', shortcut: 'y' },
  { layout: 'mpr', icon: 'mpr', shortcut: 'a' },
  { layout: 'quad', icon: 'quad', shortcut: 'v' },
] as const satisfies readonly { readonly layout: Layout; readonly icon: string; readonly shortcut: string }[];

/** Now, or as soon as the slices are there: until then the layout is remembered. */
const hasPlanes = ({ canReformat, loading, openSeries }: Viewer): boolean =>
  canReformat.getState() ||
  (loading.getState() !== undefined && openSeries.getState()?.series.stack.grid !== undefined);

/** Degrees of one key press. */
const TURN = 15;

/** Several images beside each other. */
export function paneCommands(viewer: Viewer, pairing: Pairing): readonly Command[] {
  const words = text.panes.commands;
  const isOpen = (): boolean => viewer.openSeries.getState() !== undefined;
  const isPair = (): boolean => isOpen() && viewer.layout.getState() === 'pair';
  const canLink = (): boolean =>
    isPair() && viewer.link.getState()?.kind !== 'apart' && viewer.link.getState() !== undefined;
  const isSolid = (): boolean => isOpen() && viewer.activeSlot.getState() === 'solid';
  const command = (
    id: string,
    title: string,
    shortcut: string,
    run: () => void,
    isEnabled: () => boolean = isPair,
  ): Command => ({ id: `view.${id}`, title, shortcut, group: 'view', isEnabled, run });
  return [
    ...LAYOUTS.map(({ layout, shortcut }) =>
      command(
        layout,
        words[layout],
        shortcut,
        () => viewer.setLayout(layout),
        () => isOpen() && (layout === 'stack' || layout === 'pair' || hasPlanes(viewer)),
      ),
    ),
    ...(
      [
        ['Left', words.turn.left, -TURN, 0],
        ['Right', words.turn.right, TURN, 0],
        ['Up', words.turn.up, 0, -TURN],
        ['Down', words.turn.down, 0, TURN],
      ] as const
    ).map(([way, title, right, down]) =>
      command(`turn${way}`, title, `Arrow${way}`, () => viewer.turnVolume(right, down), isSolid),
    ),
    command('otherPane', words.other, 'g', () =>
      viewer.setActiveSlot(viewer.promptsHere.getState() ? 'companion' : 'acquisition'),
    ),
    command('swapPanes', words.swap, 'Shift+y', () => viewer.swapPanes()),
    command(
      'linkPanes',
      words.link,
      'Shift+x',
      () => viewer.setLinked(viewer.link.getState()?.kind !== 'linked'),
      canLink,
    ),
    command('nextSeries', words.next, 'Shift+PageDown', () => void pairing.step(1)),
    command('previousSeries', words.previous, 'Shift+PageUp', () => void pairing.step(-1)),
    command('closePane', words.close, 'Shift+q', () => viewer.setLayout('stack')),
  ];
}
