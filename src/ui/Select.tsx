import { classNames } from './classNames.ts';
import styles from './Field.module.css';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
  readonly quiet?: boolean;
}

/** The browser's own list: reachable by every keyboard, reader and touch screen. */
export function Select<Value extends string>({ label, value, options, onChange, quiet = false }: SelectProps<Value>) {
  return (
    <select
      className={classNames(styles.field, quiet && styles.quiet)}
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
