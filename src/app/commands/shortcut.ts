interface Keys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/**
 * The shortcut that a key press stands for, as commands write it: 'b', 'Ctrl+z', 'Ctrl+Shift+z', '?'. Command on a Mac counts as
 * Ctrl. Shift is named for letters and named keys only: with other characters it is part of typing them.
 */
export function shortcutOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Keys): string {
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const plain = letter ? key.toLowerCase() : key;
  const shift = shiftKey && (letter || key.length > 1);
  return `${ctrlKey || metaKey ? 'Ctrl+' : ''}${shift ? 'Shift+' : ''}${altKey ? 'Alt+' : ''}${plain}`;
}

/** The same for a shortcut that was written by hand, in any case: 'CTRL+Z' gives 'Ctrl+z'. */
export function normalShortcut(shortcut: string): string {
  const [, modifiers = '', key = ''] = /^((?:(?:ctrl|shift|alt)\+)*)(.+)$/i.exec(shortcut) ?? [];
  const has = (name: string): boolean => modifiers.toLowerCase().includes(name);
  return shortcutOf({ key, ctrlKey: has('ctrl'), metaKey: false, shiftKey: has('shift'), altKey: has('alt') });
}
