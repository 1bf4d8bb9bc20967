import { useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { KeptDialog } from '../autosave/KeptDialog.tsx';
import { CommandPalette } from '../commands/CommandPalette.tsx';
import { ShortcutSheet } from '../commands/ShortcutSheet.tsx';
import { RefusedFiles } from '../drop/RefusedFiles.tsx';
import { SettingsDialog } from '../settings/SettingsDialog.tsx';
import { SignInDialog } from '../signIn/SignInDialog.tsx';
import { SeriesInfoDialog } from '../viewport/SeriesInfoDialog.tsx';
import { Questions } from './Questions.tsx';

/** Everything that lies over the window. */
export function Dialogs() {
  const { shell } = useApp();
  const { dialog } = useReadable(shell.state);
  const close = (): void => shell.change({ dialog: undefined });
  return (
    <>
      {dialog === 'palette' ? <CommandPalette onClose={close} /> : null}
      {dialog === 'shortcuts' ? <ShortcutSheet onClose={close} /> : null}
      {dialog === 'seriesInfo' ? <SeriesInfoDialog onClose={close} /> : null}
      {dialog === 'settings' ? <SettingsDialog onClose={close} /> : null}
      {dialog === 'kept' ? <KeptDialog onClose={close} /> : null}
      <RefusedFiles />
      <SignInDialog />
      <Questions />
    </>
  );
}
