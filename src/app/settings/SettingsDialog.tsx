import { Button, Dialog, Segmented, Slider, useReadable } from '#ui';
import { LAYOUT_NAMES } from '#viewer';
import { useApp } from '../AppContext.ts';
import { RetentionSetting } from '../autosave/RetentionSetting.tsx';
import { MeaningChoice } from '../segments/MeaningChoice.tsx';
import { ContributedPanels } from '../shell/ContributedPanels.tsx';
import styles from '../shell/Dialogs.module.css';
import { text } from '../text.ts';
import { newSegmentMeaning, THEMES } from './createSettings.ts';
import { PresetSettings } from './PresetSettings.tsx';

/** How the reader likes the screen; all of it stays in this browser. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { settings, commands, host } = useApp();
  const { theme, layout, overlayOpacity, firstSteps, framesPerSecond } = useReadable(settings.state);
  const newSegment = newSegmentMeaning(useReadable(settings.state));
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
        <span>{text.panes.startLayout}</span>
        <Segmented
          label={text.panes.startLayout}
          value={layout}
          options={LAYOUT_NAMES.map((value) => ({ value, label: text.panes.names[value] }))}
          onChange={(next) => settings.change({ layout: next })}
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
      <div className={styles.setting}>
        <span>{text.look.cineSpeed}</span>
        <span className={styles.slider}>
          <Slider
            label={text.look.cineSpeed}
            value={framesPerSecond}
            min={1}
            max={60}
            step={1}
            valueText={text.look.perSecond(framesPerSecond)}
            onChange={(next) => settings.change({ framesPerSecond: next })}
          />
          <span>{text.look.perSecond(framesPerSecond)}</span>
        </span>
      </div>
      <div className={styles.setting}>
        <span>{text.look.firstSteps}</span>
        <Segmented
          label={text.look.firstSteps}
          value={firstSteps ? 'on' : 'off'}
          options={[
            { value: 'on', label: text.look.shown },
            { value: 'off', label: text.look.hidden },
          ]}
          onChange={(next) => settings.change({ firstSteps: next === 'on' })}
        />
      </div>
      {commands.all.flatMap((command) =>
        command.inSettings === undefined ? (
          []
        ) : (
          <div key={command.id} className={styles.setting}>
            <span>{command.inSettings}</span>
            <Button
              onClick={() => {
                onClose();
                host.runCommand(command.id);
              }}
            >
              {command.title}
            </Button>
          </div>
        ),
      )}
      <ContributedPanels place="settings" />
      <div className={styles.setting}>
        <span>{words.newSegments}</span>
        <MeaningChoice
          label={`${words.newSegments}: ${newSegment.type.meaning}`}
          meaning={newSegment}
          onMeaning={({ type }) => settings.change({ newSegmentType: type.value })}
        />
      </div>
      <RetentionSetting />
      <PresetSettings />
    </Dialog>
  );
}
