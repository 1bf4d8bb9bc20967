import { Dialog, Segmented, Slider, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { KeptDialog } from '../autosave/KeptDialog.tsx';
import { RetentionSetting } from '../autosave/RetentionSetting.tsx';
import { CommandPalette } from '../commands/CommandPalette.tsx';
import { ShortcutSheet } from '../commands/ShortcutSheet.tsx';
import { RefusedFiles } from '../drop/RefusedFiles.tsx';
import { THEMES } from '../settings/createSettings.ts';
import { SignInDialog } from '../signIn/SignInDialog.tsx';
import { text } from '../text.ts';
import { SeriesInfoDialog } from '../viewport/SeriesInfoDialog.tsx';
import styles from './Dialogs.module.css';
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

function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { settings } = useApp();
  const { theme, overlayOpacity } = useReadable(settings.state);
  const words = text.settings;
  return (
    <Dialog open onClose={onClose} title={words.title} closeLabel={text.close}>
      <div className={styles.setting}>
        <span>{words.theme}</span>
        <Segmented
          label={words.theme}
          value={theme}
          options={THEMES.map((value) => ({ value, label: words[value] }))}
          onChange={(next) => settings.change({ theme: next })}
        />
      </div>
      <div className={styles.setting}>
        <span>{words.opacity}</span>
        <span className={styles.slider}>
          <Slider
            label={words.opacity}
            value={overlayOpacity}
            min={0}
            max={1}
            step={0.05}
            valueText={words.percent(overlayOpacity)}
            onChange={(next) => settings.change({ overlayOpacity: next })}
          />
          <span>{words.percent(overlayOpacity)}</span>
        </span>
      </div>
      <RetentionSetting />
    </Dialog>
  );
}
