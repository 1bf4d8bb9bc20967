import type { Command } from '#extension-api';
import type { Saver } from './saveSession.ts';

/** Saving; the saver exists once the host does. */
export const saveCommands = (saver: () => Saver | undefined): readonly Command[] => [
  {
    id: 'seg.save',
    title: 'Save segmentation',
    shortcut: 'Ctrl+s',
    group: 'file',
    // With nothing to save it still opens, and says so: a key that does nothing explains nothing.
    isEnabled: ({ viewer }) => viewer.openSeries.getState() !== undefined,
    run: () => saver()?.open(),
  },
];
