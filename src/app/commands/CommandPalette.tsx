import { type KeyboardEvent, useId, useState } from 'react';
import type { Command } from '#extension-api';
import { classNames, Dialog, Kbd } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './CommandPalette.module.css';
import { matchingCommands } from './matchingCommands.ts';
import { isListed } from './viewCommands.ts';

/** Every command by name: what can run first, the rest greyed with the reason. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const { commands } = useApp();
  const [search, setSearch] = useState('');
  const [position, setPosition] = useState(0);
  const id = useId();
  const canRun = (command: Command): boolean => commands.availability(command).available;
  const shown = matchingCommands(
    commands.all.filter((command) => command.id !== 'app.palette' && isListed(command, canRun(command))),
    search,
    canRun,
  );
  const current = shown[Math.min(position, shown.length - 1)];
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    commands.run(command.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) setPosition(Math.max(0, Math.min(shown.length - 1, position + step)));
    else if (event.key === 'Enter') run(current);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog open onClose={onClose} title={text.palette.title} closeLabel={text.close} shape="palette">
      <input
        className={styles.search}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={current === undefined ? undefined : `${id}-${current.id}`}
        aria-label={text.palette.search}
        placeholder={text.palette.search}
        autoComplete="off"
        spellCheck={false}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setPosition(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label={text.palette.title} className={styles.list}>
        {shown.map((command, index) => (
          <Row
            key={command.id}
            id={`${id}-${command.id}`}
            command={command}
            current={command === current}
            onPoint={() => setPosition(index)}
            onRun={() => run(command)}
          />
        ))}
      </div>
      {shown.length === 0 ? <p className={styles.nothing}>{text.palette.nothing}</p> : null}
    </Dialog>
  );
}

interface RowProps {
  readonly id: string;
  readonly command: Command;
  readonly current: boolean;
  readonly onPoint: () => void;
  readonly onRun: () => void;
}

function Row({ id, command, current, onPoint, onRun }: RowProps) {
  const available = useApp().commands.availability(command).available;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox that owns the list
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant carries the focus
    <div
      id={id}
      role="option"
      aria-selected={current}
      aria-disabled={!available || undefined}
      ref={current ? intoView : null}
      className={classNames(styles.option, !available && styles.unavailable)}
      onPointerMove={onPoint}
      onClick={onRun}
    >
      <span className={styles.group}>{text.group[command.group]}</span>
      <span className={styles.name}>{command.title}</span>
      {command.shortcut === undefined ? null : <Kbd keys={command.shortcut} />}
    </div>
  );
}

const intoView = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' });
