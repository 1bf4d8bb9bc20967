import type { Command } from '#extension-api';
import type { Viewer } from '#viewer';

/** Makes the commands of looking at a series: they are there while one is open, unless `isEnabled` says otherwise. */
export const viewCommandsOf =
  (viewer: Viewer) =>
  (
    id: string,
    title: string,
    shortcut: string | undefined,
    run: Command['run'],
    isEnabled: Command['isEnabled'] = () => viewer.openSeries.getState() !== undefined,
  ): Command => ({
    id: `view.${id}`,
    title,
    ...(shortcut === undefined ? {} : { shortcut }),
    group: 'view',
    isEnabled,
    run,
  });
