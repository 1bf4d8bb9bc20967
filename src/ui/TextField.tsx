import { type ComponentProps, useState } from 'react';
import { classNames } from './classNames.ts';
import styles from './Field.module.css';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export const TextField = ({ label, onChange, className, ...rest }: TextFieldProps) => (
  <input
    type="text"
    autoComplete="off"
    spellCheck={false}
    {...rest}
    aria-label={label}
    className={classNames(styles.field, className)}
    onChange={(event) => onChange(event.target.value)}
  />
);

interface EditableTextProps {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  /** Called once, when the edit is finished and something changed; Escape takes it back. */
  readonly onCommit: (value: string) => void;
}

/** Text that becomes a field under the pointer: one change for one edit, not one for each letter. */
export function EditableText({ label, value, maxLength, onCommit }: EditableTextProps) {
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const finish = (): void => {
    const text = draft?.trim();
    setDraft(undefined);
    if (text !== undefined && text !== '' && text !== value) onCommit(text);
  };
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      maxLength={maxLength}
      className={classNames(styles.field, styles.quiet)}
      value={draft ?? value}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') {
          event.stopPropagation();
          setDraft(undefined);
        }
      }}
    />
  );
}
