import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import { classNames } from './classNames.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './iconPaths.ts';
import { Kbd } from './Kbd.tsx';
import styles from './Menu.module.css';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName | undefined;
  readonly shortcut?: string | undefined;
  /** Shown as chosen. */
  readonly checked?: boolean | undefined;
  readonly unavailable?: boolean | undefined;
  /** A line above it. */
  readonly divided?: boolean | undefined;
  readonly onSelect: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** The button that opens it: one element that takes a ref. */
  readonly children: ReactElement;
}

/** Actions behind a button, in the landmark where the button is. Not modal: a modal one locks scrolling by a style element, which the page's policy forbids. */
export const Menu = ({ label, items, children }: MenuProps) => (
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
    <DropdownMenu.Content className={styles.content} aria-label={label} align="start" sideOffset={4} loop>
      {items.map(({ id, label: name, icon, shortcut, checked, unavailable, divided, onSelect }) => (
        <DropdownMenu.CheckboxItem
          key={id}
          className={classNames(styles.item, divided && styles.divided)}
          checked={checked === true}
          disabled={unavailable === true}
          onSelect={onSelect}
        >
          {icon === undefined ? <span className={styles.noIcon} /> : <Icon name={icon} />}
          <span className={styles.name}>{name}</span>
          {shortcut === undefined ? null : <Kbd keys={shortcut} />}
        </DropdownMenu.CheckboxItem>
      ))}
    </DropdownMenu.Content>
  </DropdownMenu.Root>
);
