import type { AppError } from '#core/errors.ts';
import { Button, NoticeCard } from '#ui';
import { text } from '../text.ts';
import styles from './ErrorBoundary.module.css';

/** The app could not start, and what can be done about it. */
export const StartFailure = ({ error }: { readonly error: AppError }) => (
  <main className={styles.root}>
    <NoticeCard kind="error" title={error.message} detail={error.remedy} dismissLabel={text.dismiss}>
      <p>{error.cause}</p>
      <Button onClick={() => window.location.reload()}>{text.failure.reload}</Button>
    </NoticeCard>
  </main>
);
