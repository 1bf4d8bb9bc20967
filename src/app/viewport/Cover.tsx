import type { ReactNode } from 'react';
import { Progress } from '#ui';
import type { Opening } from '../series/createSeriesSession.ts';
import { text } from '../text.ts';
import styles from './Cover.module.css';

/** Over a pane that has no image to show, black in every theme. */
export const Cover = ({ children }: { readonly children: ReactNode }) => <div className={styles.cover}>{children}</div>;

/** The same while a series is being opened. */
export const OpeningCover = ({ opening: { done, total } }: { readonly opening: NonNullable<Opening> }) => (
  <div className={styles.cover} role="status">
    <p>{text.series.openingCount(done, total)}</p>
    <div className={styles.progress}>
      <Progress label={text.series.opening} share={total === undefined || total === 0 ? undefined : done / total} />
    </div>
  </div>
);
