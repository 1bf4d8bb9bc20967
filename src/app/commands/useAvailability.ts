import { useCallback, useSyncExternalStore } from 'react';
import type { Command } from '#extension-api';
import { useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import type { Availability } from './createCommandRegistry.ts';

const NO_COMMAND: Availability = { available: false, reason: undefined };

/**
 * Asks again whenever the image, the slice, the segments or the tool changes, progress is told, or an extension says so: what
 * commands depend on. Renders again only when the answer is another one: a slice that scrolls by changes few of them.
 */
export function useAvailability(command: Command | undefined): {
  readonly availability: Availability;
  readonly active: boolean;
} {
  const { viewer, commands } = useApp();
  useCommandGround(command === undefined ? [] : [command]);
  const tool = useReadable(viewer.activeTool);
  if (command === undefined) return { availability: NO_COMMAND, active: false };
  return { availability: commands.availability(command), active: command.activates === tool };
}

/** Renders again when one of these commands has become available or the opposite, or is called something else. */
export function useCommandGround(commands: readonly Command[]): void {
  const { viewer, labelmap, notices, changes, commands: registry } = useApp();
  const { openSeries, canReformat, layout, link, activeSlot, currentSlice, measurements } = viewer;
  const subscribe = useCallback(
    (listener: () => void) => {
      const looked = [openSeries, canReformat, layout, link, activeSlot, currentSlice, measurements];
      const states = [changes, labelmap.state, notices.state, ...looked];
      const ends = states.map((state) => state.subscribe(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    [changes, labelmap, notices, openSeries, canReformat, layout, link, activeSlot, currentSlice, measurements],
  );
  const answers = (): string =>
    JSON.stringify(commands.map((command) => [command.title, command.shortcut, registry.availability(command)]));
  useSyncExternalStore(subscribe, answers, answers);
}
