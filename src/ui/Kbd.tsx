import styles from './Kbd.module.css';

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Delete: 'Del',
  ' ': 'Space',
};

/** Keys of a shortcut as they are written on a keyboard: 'Ctrl+Shift+z' gives three caps. */
export const Kbd = ({ keys }: { readonly keys: string }) => (
  <span className={styles.keys}>
    {partsOf(keys).map((part) => (
      <kbd key={part} className={styles.key}>
        {NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)}
      </kbd>
    ))}
  </span>
);

/** '+' alone, or at the end, is the plus key itself. */
function partsOf(keys: string): readonly string[] {
  const plus = keys === '+' || keys.endsWith('++');
  const parts = (plus ? keys.slice(0, -1) : keys).split('+').filter((part) => part !== '');
  return plus ? [...parts, '+'] : parts;
}
