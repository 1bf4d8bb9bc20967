import type { Command } from '#extension-api';
import { useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import type { Availability } from './createCommandRegistry.ts';

const NO_COMMAND: Availability = { available: false, reason: undefined };

/** Asks again whenever the image, the segments or the tool changes: what commands depend on. */
export function useAvailability(command: Command | undefined): {
  readonly availability: Availability;
  readonly active: boolean;
} {
  const { viewer, labelmap, commands } = useApp();
  useReadable(viewer.openSeries);
  useReadable(viewer.canReformat);
  useReadable(labelmap.state);
  const tool = useReadable(viewer.activeTool);
  if (command === undefined) return { availability: NO_COMMAND, active: false };
  return { availability: commands.availability(command), active: command.activates === tool };
}
