import { Button, IconButton, type IconName, Tooltip } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import { useAvailability } from './useAvailability.ts';

interface CommandButtonProps {
  readonly commandId: string;
  readonly icon: IconName;
  /** Said under the name: what would be undone, for instance. */
  readonly detail?: string;
  readonly pressed?: boolean;
  /** With its name beside the picture. */
  readonly labelled?: boolean;
  readonly primary?: boolean;
}

/** A button for a command: its name, keys and state come from the one record. */
export function CommandButton({
  commandId,
  icon,
  detail,
  pressed,
  labelled = false,
  primary = false,
}: CommandButtonProps) {
  const { commands } = useApp();
  const command = commands.find(commandId);
  const { availability, active } = useAvailability(command);
  if (command === undefined) return null;
  const unavailable = !availability.available;
  const why = availability.available ? detail : (availability.reason ?? text.command.notNow);
  const isPressed = command.activates === undefined ? pressed : active;
  const run = (): void => commands.run(commandId);
  if (labelled || primary) {
    return (
      <Tooltip label={command.title} detail={why} shortcut={command.shortcut}>
        <Button
          kind={primary ? 'primary' : 'quiet'}
          icon={icon}
          unavailable={unavailable}
          aria-pressed={isPressed}
          onClick={run}
        >
          {primary ? text.command.save : command.title}
        </Button>
      </Tooltip>
    );
  }
  return (
    <IconButton
      icon={icon}
      label={command.title}
      detail={why}
      shortcut={command.shortcut}
      unavailable={unavailable}
      pressed={isPressed}
      onClick={run}
    />
  );
}
