import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';
import { Icon } from './Icon.tsx';
import type { IconName } from './iconPaths.ts';

interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly children?: ReactNode;
}

/** Nothing here, and what to do about it. */
export const EmptyState = ({ icon, title, detail, children }: EmptyStateProps) => (
  <div className={styles.root}>
    <Icon name={icon} />
    <p className={styles.title}>{title}</p>
    {detail === undefined ? null : <p className={styles.detail}>{detail}</p>}
    {children}
  </div>
);
