import { describe, expect, it, vi } from 'vitest';
import type { Command, Host } from '#extension-api';
import { createCommandRegistry } from './createCommandRegistry.ts';
import { normalShortcut, shortcutOf } from './shortcut.ts';

const command = (id: string, change: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'view',
  isEnabled: () => true,
  run: vi.fn(),
  ...change,
});

const registryOf = (
  own: readonly Command[],
  contributed: readonly Command[],
  forbidden = (_: Command): string | undefined => undefined,
) => {
  const notices = { show: vi.fn(), announce: vi.fn() };
  // The registry only hands the host on.
  const host = {} as Host;
  return { notices, registry: createCommandRegistry({ own, contributed, host: () => host, notices, forbidden }) };
};

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
): string => shortcutOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

describe('shortcuts', () => {
  it('do not depend on caps lock, and take Command for Ctrl', () => {
    expect(press('B')).toBe('b');
    expect(press('Z', { metaKey: true, shiftKey: true })).toBe('Ctrl+Shift+z');
  });

  it('leave Shift out where it only types the character', () => {
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('+', { shiftKey: true })).toBe('+');
    expect(press('Enter', { shiftKey: true })).toBe('Shift+Enter');
  });

  it('are the same however an extension writes them', () => {
    expect(normalShortcut('CTRL+Z')).toBe('Ctrl+z');
    expect(normalShortcut('Ctrl++')).toBe('Ctrl++');
    expect(normalShortcut('Shift+Delete')).toBe('Shift+Delete');
  });
});

describe('the command registry', () => {
  it('gives keys to the extension and leaves the own command without them', () => {
    const own = command('view.brush', { shortcut: 'b' });
    const box = command('sam.box', { shortcut: 'B' });
    const { registry } = registryOf([own], [box]);
    expect(registry.withShortcut('b')).toBe(box);
    expect(registry.find('view.brush')?.shortcut).toBeUndefined();
  });

  it('gives one key to the command that can run now: Enter propagates first and accepts later', () => {
    const propagate = command('sam.propagate', { shortcut: 'Enter', isEnabled: () => false });
    const accept = command('sam.accept', { shortcut: 'Enter' });
    const { registry } = registryOf([], [propagate, accept]);
    expect(registry.withShortcut('Enter')).toBe(accept);
  });

  it('gives a key that nothing can take now to the command that can say why', () => {
    const propagate = command('sam.propagate', { shortcut: 'Enter', isEnabled: () => false });
    const place = command('sam.placeFirstBox', { shortcut: 'Enter' });
    const { registry } = registryOf([], [propagate, place], ({ id }) =>
      id === place.id ? 'Not in this pane.' : undefined,
    );
    expect(registry.withShortcut('Enter')).toBe(place);
  });

  it('does not run what is forbidden, and says why', () => {
    const box = command('sam.box', { group: 'prompt' });
    const { registry, notices } = registryOf([], [box], ({ group }) =>
      group === 'prompt' ? 'mixed orientations' : undefined,
    );
    registry.run('sam.box');
    expect(box.run).not.toHaveBeenCalled();
    expect(notices.show).toHaveBeenCalledWith({ kind: 'warning', title: 'sam.box', detail: 'mixed orientations' });
  });

  it('tells who asks for it why a command has nothing to do now', () => {
    const next = command('sam.nextDoubtful', { isEnabled: () => false, whyNot: () => 'No slice stands out.' });
    const { registry, notices } = registryOf([], [next]);
    expect(registry.availability(next)).toEqual({ available: false, reason: 'No slice stands out.' });
    registry.run('sam.nextDoubtful');
    expect(next.run).not.toHaveBeenCalled();
    expect(notices.show).toHaveBeenCalledWith({
      kind: 'info',
      title: 'sam.nextDoubtful',
      detail: 'No slice stands out.',
    });
  });

  it('tells a failure with its cause, and keeps quiet about a cancelled run', async () => {
    const bad = command('a', { run: () => Promise.reject(new Error('no device')) });
    const cancelled = command('b', { run: () => Promise.reject(new DOMException('stop', 'AbortError')) });
    const { registry, notices } = registryOf([], [bad, cancelled]);
    registry.run('a');
    registry.run('b');
    await vi.waitFor(() => expect(notices.show).toHaveBeenCalledTimes(1));
    expect(notices.show.mock.calls[0]?.[0]).toMatchObject({ error: { code: 'command-failed', cause: 'no device' } });
  });

  it('refuses two commands with one id at start', () => {
    expect(() => registryOf([command('x')], [command('x')])).toThrow('Duplicate command x');
  });
});
