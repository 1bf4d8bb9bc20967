import type { Command } from '#extension-api';
import { keptText } from '../autosave/keptText.ts';
import { chooseFiles } from '../drop/chooseFiles.ts';
import type { FileDrop } from '../drop/createFileDrop.ts';
import type { Shell } from '../shell/createShell.ts';
import { text } from '../text.ts';

/** The window itself: panels, dialogs, files. */
export function shellCommands(shell: Shell, files: FileDrop): readonly Command[] {
  const words = text.command;
  const always = (): boolean => true;
  const command = (
    id: string,
    group: Command['group'],
    title: string,
    shortcut: string | undefined,
    run: () => void,
    isEnabled: Command['isEnabled'] = always,
  ): Command => ({
    id: `app.${id}`,
    title,
    ...(shortcut === undefined ? {} : { shortcut }),
    group,
    isEnabled,
    run,
  });
  return [
    command('palette', 'help', words.palette, 'Ctrl+k', () => shell.change({ dialog: 'palette' })),
    command('shortcuts', 'help', words.shortcuts, '?', () => shell.change({ dialog: 'shortcuts' })),
    command('settings', 'help', words.settings, 'Ctrl+,', () => shell.change({ dialog: 'settings' })),
    command('kept', 'file', keptText.command, undefined, () => shell.change({ dialog: 'kept' })),
    command(
      'seriesInfo',
      'view',
      text.look.seriesInfo,
      'u',
      () => shell.change({ dialog: 'seriesInfo' }),
      ({ viewer }) => viewer.openSeries.getState() !== undefined,
    ),
    command('toggleBrowser', 'help', words.toggleBrowser, '[', () =>
      shell.change({ browserOpen: !shell.state.getState().browserOpen }),
    ),
    command('toggleSide', 'help', words.toggleSide, ']', () =>
      shell.change({ sideOpen: !shell.state.getState().sideOpen }),
    ),
    command('openFiles', 'file', words.openFiles, 'Ctrl+o', () =>
      chooseFiles('files', (chosen) => void files.read(chosen)),
    ),
    command('openFolder', 'file', words.openFolder, undefined, () =>
      chooseFiles('folder', (chosen) => void files.read(chosen)),
    ),
  ];
}
