import type { KeyboardEvent, ReactNode } from 'react';
import { IconButton, Select, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { CommandMenu } from '../commands/CommandMenu.tsx';
import { LAYOUTS } from '../commands/paneCommands.ts';
import { redoLabel, undoLabel } from '../commands/segmentCommands.ts';
import { EDIT_TOOLS, iconOfTool, MEASURING_TOOLS, NAVIGATION_TOOLS } from '../commands/toolbarTools.ts';
import { text } from '../text.ts';
import styles from './Toolbar.module.css';

/** What can be done with the image, in the order of the work: look, prompt, correct, save. */
export function Toolbar() {
  const { viewer, tools, commands } = useApp();
  const isOpen = useReadable(viewer.openSeries) !== undefined;
  const save = commands.all.find(({ shortcut, group }) => group === 'file' && shortcut?.toLowerCase() === 'ctrl+s');
  return (
    <div className={styles.bar} role="toolbar" aria-label={text.region.toolbar} onKeyDown={moveFocus}>
      <div className={styles.tools}>
        <Group>
          {NAVIGATION_TOOLS.map(({ toolName, icon }) => (
            <CommandButton key={toolName} commandId={`tool.${toolName}`} icon={icon} />
          ))}
          <Crosshair />
          <MeasureMenu />
        </Group>
        <Group>
          {tools.map(({ toolName, title }, index) => (
            <ContributedTool key={toolName} toolName={toolName} title={title} first={index === 0} />
          ))}
          {EDIT_TOOLS.map(({ toolName, icon }) => (
            <CommandButton key={toolName} commandId={`tool.${toolName}`} icon={icon} />
          ))}
        </Group>
        <Group>
          <Layouts />
          {isOpen ? <Presets /> : null}
          <CommandButton commandId="view.invert" icon="invert" />
          <CommandButton commandId="view.zoomToLesion" icon="target" />
          <Cine />
          <ViewMenu />
        </Group>
      </div>
      <div className={styles.end}>
        <History />
        {save === undefined ? null : <CommandButton commandId={save.id} icon="save" primary />}
      </div>
    </div>
  );
}

const MeasureMenu = () => (
  <CommandMenu
    label={text.look.measure}
    icon="length"
    entries={[
      ...MEASURING_TOOLS.map(({ toolName, icon }) => ({ commandId: `tool.${toolName}`, icon })),
      { commandId: 'view.markPoint', divided: true },
      { commandId: 'view.removeLastMeasurement' },
      { commandId: 'view.clearMeasurements' },
    ]}
  />
);

const ViewMenu = () => (
  <CommandMenu
    label={text.look.view}
    icon="more"
    entries={[
      { commandId: 'view.reset', icon: 'reset' },
      { commandId: 'view.rotate', icon: 'rotate' },
      { commandId: 'view.flipHorizontal', icon: 'flip-horizontal' },
      { commandId: 'view.flipVertical', icon: 'flip-vertical' },
      { commandId: 'view.zoomIn', divided: true },
      { commandId: 'view.zoomOut' },
      { commandId: 'view.faster' },
      { commandId: 'view.slower' },
      { commandId: 'app.seriesInfo', icon: 'info', divided: true },
    ]}
  />
);

function Cine() {
  const { viewer } = useApp();
  const playing = useReadable(viewer.playing);
  return <CommandButton commandId="view.cine" icon={playing ? 'pause' : 'play'} pressed={playing} />;
}

/** Left and right walk along the toolbar, as its role promises. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = document.activeElement instanceof HTMLElement ? buttons.indexOf(document.activeElement) : -1;
  if (step === undefined || at < 0) return;
  event.preventDefault();
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}

const Group = ({ children }: { readonly children: ReactNode }) => <div className={styles.group}>{children}</div>;

interface ContributedToolProps {
  readonly toolName: string;
  readonly title: string;
  /** The main one has its name beside the picture. */
  readonly first: boolean;
}

/** A contributed tool is shown by the command that activates it, where the extension has one. */
function ContributedTool({ toolName, title, first }: ContributedToolProps) {
  const { commands, viewer } = useApp();
  const active = useReadable(viewer.activeTool);
  const command = commands.all.find(({ activates }) => activates === toolName);
  if (command !== undefined)
    return <CommandButton commandId={command.id} icon={iconOfTool(toolName)} labelled={first} />;
  return (
    <IconButton
      icon={iconOfTool(toolName)}
      label={title}
      pressed={active === toolName}
      onClick={() => viewer.activateTool(toolName)}
    />
  );
}

function Crosshair() {
  const { viewer } = useApp();
  return <CommandButton commandId="view.crosshair" icon="crosshair" pressed={useReadable(viewer.crosshairs)} />;
}

/** Where a layout is not to be had its button says why. */
function Layouts() {
  const { viewer } = useApp();
  const current = useReadable(viewer.layout);
  return LAYOUTS.map(({ layout, icon }) => (
    <CommandButton key={layout} commandId={`view.${layout}`} icon={icon} pressed={current === layout} />
  ));
}

const NO_PRESET = '';

function Presets() {
  const { viewer } = useApp();
  const pane = useReadable(viewer.activePane);
  const presets = useReadable(pane.presets);
  const window = useReadable(pane.displayWindow);
  if (presets.length === 0) return null;
  const chosen = presets.find(
    (preset) => preset.window.lower === window?.lower && preset.window.upper === window.upper,
  );
  return (
    <div className={styles.presets}>
      <Select
        label={text.command.presets}
        value={chosen?.name ?? NO_PRESET}
        options={[
          ...(chosen === undefined ? [{ value: NO_PRESET, label: text.command.presets }] : []),
          ...presets.map(({ name }, index) => ({ value: name, label: `${index + 1}  ${name}` })),
        ]}
        onChange={(name) => {
          const preset = presets.find((entry) => entry.name === name);
          if (preset !== undefined) viewer.applyPreset(preset);
        }}
      />
    </div>
  );
}

function History() {
  const { labelmap } = useApp();
  const state = useReadable(labelmap.state);
  const undone = undoLabel(state);
  const redone = redoLabel(state);
  return (
    <>
      <CommandButton commandId="segment.undo" icon="undo" {...(undone === undefined ? {} : { detail: undone })} />
      <CommandButton commandId="segment.redo" icon="redo" {...(redone === undefined ? {} : { detail: redone })} />
    </>
  );
}
