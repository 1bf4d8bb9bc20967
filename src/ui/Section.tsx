import { Collapsible } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import styles from './Section.module.css';

interface SectionProps {
  readonly title: string;
  /** Beside the title: a count, a button. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a side panel that folds away. */
export const Section = ({ title, aside, children }: SectionProps) => (
  <Collapsible.Root defaultOpen asChild>
    <section className={styles.section}>
      <header className={styles.header}>
        <h2 className={styles.heading}>
          <Collapsible.Trigger className={styles.trigger}>
            <Icon name="chevron-down" />
            {title}
          </Collapsible.Trigger>
        </h2>
        {aside}
      </header>
      <Collapsible.Content className={styles.body}>{children}</Collapsible.Content>
    </section>
  </Collapsible.Root>
);
