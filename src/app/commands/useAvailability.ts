import type { Command } from '#extension-api';
import { useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import type { Availability } from './createCommandRegistry.ts';

const NO_COMMAND: Availability = { available: false, reason: undefined };

/**
 * Asks again whenever the image, the slice, the segments or the tool changes, progress is told, or an extension says so: what
 * commands depend on.
 */
export function useAvailability(command: Command | undefined): {
  readonly availability: Availability;
  readonly active: boolean;
} {
  const { viewer, commands } = useApp();
  useCommandGround();
  const tool = useReadable(viewer.activeTool);
  if (command === undefined) return { availability: NO_COMMAND, active: false };
  return { availability: commands.availability(command), active: command.activates === tool };
}

/** Renders again whenever a command may have become available or the opposite. */
export function useCommandGround(): void {
  const { viewer, labelmap, notices, changes } = useApp();
  useReadable(changes);
  useReadable(viewer.openSeries);
  useReadable(viewer.canReformat);
  useReadable(viewer.layout);
  useReadable(viewer.link);
  useReadable(viewer.promptsHere);
  useReadable(viewer.currentSlice);
  useReadable(viewer.measurements);
  useReadable(labelmap.state);
  useReadable(notices.state);
}
