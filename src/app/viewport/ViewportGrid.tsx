import { classNames, EmptyState, Icon, Progress, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import { Cover, OpeningCover } from './Cover.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import styles from './ViewportGrid.module.css';
import { ViewportPane } from './ViewportPane.tsx';

/** The image. What is not known about it is said above it, before anything is drawn. */
export function ViewportGrid() {
  const { viewer, session } = useApp();
  const open = useReadable(viewer.openSeries);
  const shown = useReadable(viewer.slots);
  const opening = useReadable(session.opening);
  const loading = useReadable(viewer.loading);
  return (
    <div className={styles.root}>
      <div className={classNames(styles.grid, shown.length > 1 && styles[`of${shown.length}`])}>
        {shown.map((slot) => (
          <ViewportPane key={slot} slot={slot} />
        ))}
      </div>
      {open === undefined && opening === undefined ? (
        <Cover>
          <EmptyState icon="files" title={text.series.welcome} detail={text.series.welcomeDetail} />
          <FirstSteps />
        </Cover>
      ) : null}
      {opening === undefined ? null : <OpeningCover opening={opening} />}
      {loading !== undefined && opening === undefined ? (
        <div className={styles.loading} title={text.series.loadingPixels(loading.done, loading.total)}>
          <Icon name="stack" />
          <Progress
            label={text.series.loadingPixels(loading.done, loading.total)}
            share={loading.done / loading.total}
          />
          {loading.done} / {loading.total}
        </div>
      ) : null}
    </div>
  );
}
