import { Tooltip as Radix } from 'radix-ui';
import type { ReactElement } from 'react';
import { Kbd } from './Kbd.tsx';
import styles from './Tooltip.module.css';

interface TooltipProps {
  readonly label: string;
  /** Why the control cannot be used now, or what it does. */
  readonly detail?: string | undefined;
  readonly shortcut?: string | undefined;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  /** One element that takes a ref. */
  readonly children: ReactElement;
}

/** Says what a control does; never the only name of it. */
export const Tooltip = ({ label, detail, shortcut, side = 'bottom', children }: TooltipProps) => (
  <Radix.Root>
    <Radix.Trigger asChild>{children}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content className={styles.content} side={side} sideOffset={6} collisionPadding={8}>
        <span className={styles.head}>
          {label}
          {shortcut === undefined ? null : <Kbd keys={shortcut} />}
        </span>
        {detail === undefined ? null : <span className={styles.detail}>{detail}</span>}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);

export const TooltipProvider = ({ children }: { readonly children: ReactElement }) => (
  <Radix.Provider delayDuration={450} skipDelayDuration={200}>
    {children}
  </Radix.Provider>
);
