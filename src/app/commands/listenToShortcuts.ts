import type { CommandRegistry } from './createCommandRegistry.ts';
import { shortcutOf } from './shortcut.ts';

/** Keys that work even while typing: they do nothing to text. */
const EVERYWHERE: ReadonlySet<string> = new Set(['Ctrl+k', 'Ctrl+s']);
/** Keys that a focused control needs for itself. */
const CONTROL_KEYS: ReadonlySet<string> = new Set([
  'Enter',
  ' ',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
]);
const TEXT_ENTRY =
  'input:not([type=checkbox],[type=radio],[type=range],[type=button]), textarea, select, [contenteditable=true]';
const CONTROL = 'button, a[href], input, summary, [role=slider], [role=option], [role=menuitem], [role=radio]';

/** It needs the space bar alone: Enter and the arrows are the viewer's. */
const TICK_BOX = 'input[type=checkbox]';

/** Runs commands by their keys: not while typing, not behind a dialog or a menu, not in place of what a focused control does. */
export function listenToShortcuts(target: Window, commands: CommandRegistry): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const shortcut = shortcutOf(event);
    const focused = event.target instanceof Element ? event.target : undefined;
    if (focused?.closest('[role=dialog], [role=alertdialog], [role=menu]')) return;
    if (focused?.closest(TEXT_ENTRY) && !EVERYWHERE.has(shortcut)) return;
    if (CONTROL_KEYS.has(shortcut) && focused?.closest(CONTROL) && !focused.matches(TICK_BOX)) return;
    if (shortcut === ' ' && focused?.matches(TICK_BOX)) return;
    const command = commands.withShortcut(shortcut);
    if (command === undefined) return;
    event.preventDefault();
    commands.run(command.id);
  };
  // On the way down: Cornerstone's image element prevents the default of every key that reaches it.
  target.addEventListener('keydown', onKeyDown, { capture: true });
  return () => target.removeEventListener('keydown', onKeyDown, { capture: true });
}
