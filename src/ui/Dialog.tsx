import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { Button } from './Button.tsx';
import { classNames } from './classNames.ts';
import styles from './Dialog.module.css';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: string | undefined;
  readonly closeLabel: string;
  /** `palette`: at the top, with the title for screen readers only. */
  readonly shape?: 'centred' | 'wide' | 'palette';
  readonly children: ReactNode;
  /** Buttons, the main one last. */
  readonly actions?: ReactNode;
}

/**
 * A modal dialog: focus is kept inside, Escape closes, focus returns. The scrim is our own element: Radix' overlay brings a
 * scroll lock that writes a style element, and the page never scrolls.
 */
export function Dialog({
  open,
  onClose,
  title,
  description,
  closeLabel,
  shape = 'centred',
  children,
  actions,
}: DialogProps) {
  const footer = useRef<HTMLElement>(null);
  // The main button takes Enter; by default the cross would, and the key that saves would close.
  const focusMain = (event: Event): void => {
    const main = [...(footer.current?.querySelectorAll('button') ?? [])].at(-1);
    if (main === undefined) return;
    event.preventDefault();
    main.focus();
  };
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Radix.Portal>
        <div className={styles.scrim} />
        <Radix.Content
          className={classNames(styles.content, styles[shape])}
          onOpenAutoFocus={focusMain}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className={shape === 'palette' ? styles.unseen : styles.header}>
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            {shape === 'palette' ? null : (
              <Button kind="quiet" icon="close" aria-label={closeLabel} onClick={onClose} />
            )}
          </header>
          {description === undefined ? null : (
            <Radix.Description className={styles.description}>{description}</Radix.Description>
          )}
          <div className={styles.body}>{children}</div>
          {actions === undefined ? null : (
            <footer ref={footer} className={styles.actions}>
              {actions}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
