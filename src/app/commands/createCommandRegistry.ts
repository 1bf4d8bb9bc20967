import { appError } from '#core/errors.ts';
import type { Command, Host, NoticePort } from '#extension-api';
import { text } from '../text.ts';
import { normalShortcut } from './shortcut.ts';

/** Whether a command can run now; the reason where one can be told. */
export type Availability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string | undefined };

export interface CommandRegistry {
  /** Those of extensions first: they are what this viewer is for. */
  readonly all: readonly Command[];
  find(id: string): Command | undefined;
  /** The command of a shortcut that can run now, else one that can say why not, else the first that has it. */
  withShortcut(shortcut: string): Command | undefined;
  availability(command: Command): Availability;
  run(id: string): void;
}

export interface CommandSetup {
  /** The app's own: they give way where an extension wants the same keys. */
  readonly own: readonly Command[];
  readonly contributed: readonly Command[];
  readonly host: () => Host;
  readonly notices: NoticePort;
  /** Why a command must not run although it could: the geometry of the series, for instance. */
  readonly forbidden: (command: Command) => string | undefined;
}

/** @throws where two commands have one id: a mistake in an extension, found at start */
export function createCommandRegistry({ own, contributed, host, notices, forbidden }: CommandSetup): CommandRegistry {
  const taken = new Set(
    contributed.flatMap(({ shortcut }) => (shortcut === undefined ? [] : [normalShortcut(shortcut)])),
  );
  const all = [...contributed, ...own.map((command) => withoutTakenKeys(command, taken))];
  const byId = new Map<string, Command>();
  for (const command of all) {
    if (byId.has(command.id)) throw new Error(`Duplicate command ${command.id}`);
    byId.set(command.id, command);
  }

  const availability = (command: Command): Availability => {
    const reason = forbidden(command);
    if (reason !== undefined) return { available: false, reason };
    return command.isEnabled(host()) ? { available: true } : { available: false, reason: command.whyNot?.(host()) };
  };

  const run = async (command: Command): Promise<void> => {
    try {
      await command.run(host());
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'AbortError') return;
      notices.show({
        kind: 'error',
        error: appError('command-failed', text.command.failed(command.title), { cause: thrown }),
      });
    }
  };

  return {
    all,
    find: (id) => byId.get(id),
    withShortcut(shortcut) {
      const matching = all.filter(
        (command) => command.shortcut !== undefined && normalShortcut(command.shortcut) === shortcut,
      );
      const answered = matching.map((command) => ({ command, now: availability(command) }));
      const able = answered.find(({ now }) => now.available);
      return (able ?? answered.find(({ now }) => !now.available && now.reason !== undefined) ?? answered[0])?.command;
    },
    availability,
    run(id) {
      const command = byId.get(id);
      if (command === undefined) return;
      const now = availability(command);
      if (now.available) void run(command);
      else if (now.reason !== undefined) {
        const kind = forbidden(command) === undefined ? 'info' : 'warning';
        notices.show({ kind, title: command.title, detail: now.reason });
      }
    },
  };
}

function withoutTakenKeys(command: Command, taken: ReadonlySet<string>): Command {
  if (command.shortcut === undefined || !taken.has(normalShortcut(command.shortcut))) return command;
  const { id, group, isEnabled, whyNot, run } = command;
  return {
    id,
    group,
    isEnabled,
    ...(whyNot === undefined ? {} : { whyNot }),
    run,
    get title() {
      return command.title;
    },
  };
}
