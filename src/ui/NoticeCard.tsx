import type { ReactNode } from 'react';
import { IconButton } from './Button.tsx';
import { classNames } from './classNames.ts';
import { Icon } from './Icon.tsx';
import styles from './NoticeCard.module.css';

export type NoticeKind = 'info' | 'success' | 'warning' | 'error';

interface NoticeCardProps {
  readonly kind: NoticeKind;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly dismissLabel: string;
  readonly onDismiss?: (() => void) | undefined;
  readonly children?: ReactNode;
}

const ICONS = { info: 'info', success: 'check', warning: 'warning', error: 'error' } as const;

/** What happened and what can be done; the kind is told by icon and words, not by colour alone. */
export const NoticeCard = ({ kind, title, detail, dismissLabel, onDismiss, children }: NoticeCardProps) => (
  <div className={classNames(styles.card, styles[kind])}>
    <Icon name={ICONS[kind]} />
    <div className={styles.text}>
      <p className={styles.title}>{title}</p>
      {detail === undefined ? null : <p className={styles.detail}>{detail}</p>}
      {children}
    </div>
    {onDismiss === undefined ? null : <IconButton icon="close" label={dismissLabel} onClick={onDismiss} />}
  </div>
);
