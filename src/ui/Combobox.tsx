import { Popover } from 'radix-ui';
import { type KeyboardEvent, useId, useState } from 'react';
import styles from './Combobox.module.css';
import { classNames } from './classNames.ts';
import fieldStyles from './Field.module.css';
import { Icon } from './Icon.tsx';
import type { Option } from './Select.tsx';

interface ComboboxProps {
  readonly label: string;
  readonly value: string;
  /** `words`: further ones under which the option is found. */
  readonly options: readonly (Option<string> & { readonly group?: string; readonly words?: string })[];
  readonly searchLabel: string;
  readonly emptyText: string;
  readonly onChange: (value: string) => void;
}

/** A list that is searched by typing words, in any order: WAI-ARIA combobox with a listbox in a popover. */
export function Combobox({ label, value, options, searchLabel, emptyText, onChange }: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const [position, setPosition] = useState(0);
  const id = useId();
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = options.filter(({ label: name, group = '', words = '' }) => {
    const text = `${name} ${group} ${words}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const current = shown[Math.min(position, shown.length - 1)];
  const choose = (option: Option<string> | undefined): void => {
    if (option === undefined) return;
    setOpen(false);
    if (option.value !== value) onChange(option.value);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setPosition(Math.max(0, Math.min(shown.length - 1, position + step)));
    else if (event.key === 'Enter') choose(current);
    else return;
    event.preventDefault();
  };
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setSearch('');
        setPosition(
          Math.max(
            0,
            options.findIndex((option) => option.value === value),
          ),
        );
      }}
    >
      <Popover.Trigger className={classNames(fieldStyles.field, styles.trigger)} aria-label={label}>
        <span>{options.find((option) => option.value === value)?.label ?? value}</span>
        <Icon name="chevron-down" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.content}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
        >
          <input
            className={fieldStyles.field}
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={current === undefined ? undefined : `${id}-${current.value}`}
            aria-label={searchLabel}
            placeholder={searchLabel}
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setPosition(0);
            }}
            onKeyDown={onKeyDown}
          />
          <div id={`${id}-list`} role="listbox" aria-label={label} className={styles.list}>
            {shown.map((option, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox that owns the list
              // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant carries the focus
              <div
                key={option.value}
                id={`${id}-${option.value}`}
                role="option"
                aria-selected={option === current}
                ref={option === current ? intoView : null}
                className={styles.option}
                onClick={() => choose(option)}
                onPointerMove={() => setPosition(index)}
              >
                <span>{option.label}</span>
                {option.group === undefined ? null : <span className={styles.group}>{option.group}</span>}
              </div>
            ))}
          </div>
          {shown.length === 0 ? <p className={styles.empty}>{emptyText}</p> : null}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const intoView = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' });
