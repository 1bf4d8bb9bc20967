import type { Command } from '#extension-api';

/**
 * Commands whose title has all the words typed, in any order: at the start of a word counts before inside one, what can run
 * before what cannot.
 */
export function matchingCommands(
  commands: readonly Command[],
  search: string,
  isAvailable: (command: Command) => boolean,
): readonly Command[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return commands
    .flatMap((command, index) => {
      const title = command.title.toLowerCase();
      if (!words.every((word) => title.includes(word))) return [];
      const inside = words.filter((word) => !` ${title}`.includes(` ${word}`)).length;
      return [{ command, order: (isAvailable(command) ? 0 : 1000) + inside, index }];
    })
    .sort((a, b) => a.order - b.order || a.index - b.index)
    .map(({ command }) => command);
}
