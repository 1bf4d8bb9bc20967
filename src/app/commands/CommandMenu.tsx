import { Button, type IconName, Menu, Tooltip, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { useCommandGround } from './useAvailability.ts';

export interface MenuEntry {
  readonly commandId: string;
  readonly icon?: IconName;
  readonly divided?: boolean;
  readonly checked?: boolean;
}

interface CommandMenuProps {
  readonly label: string;
  readonly icon: IconName;
  readonly entries: readonly MenuEntry[];
}

/** Commands that are wanted now and then, behind one button: name, keys and state come from the records. */
export function CommandMenu({ label, icon, entries }: CommandMenuProps) {
  const { commands, viewer } = useApp();
  useCommandGround(entries.flatMap(({ commandId }) => commands.find(commandId) ?? []));
  const tool = useReadable(viewer.activeTool);
  const items = entries.flatMap(({ commandId, icon: picture, divided, checked }) => {
    const command = commands.find(commandId);
    if (command === undefined) return [];
    return {
      id: commandId,
      label: command.title,
      icon: picture,
      shortcut: command.shortcut,
      checked: checked ?? (command.activates !== undefined && command.activates === tool),
      unavailable: !commands.availability(command).available,
      divided,
      onSelect: () => commands.run(commandId),
    };
  });
  const active = items.find(({ checked, icon: picture }) => checked && picture !== undefined);
  return (
    <Menu label={label} items={items}>
      <MenuButton label={label} icon={active?.icon ?? icon} pressed={active !== undefined} />
    </Menu>
  );
}

interface MenuButtonProps extends Omit<Parameters<typeof Button>[0], 'kind' | 'icon' | 'children'> {
  readonly label: string;
  readonly icon: IconName;
  readonly pressed: boolean;
}

/** Its props come from the menu that it opens. */
const MenuButton = ({ label, icon, pressed, ...trigger }: MenuButtonProps) => (
  <Tooltip label={label}>
    <Button {...trigger} kind="quiet" icon={icon} aria-label={label} data-chosen={pressed || undefined} />
  </Tooltip>
);
