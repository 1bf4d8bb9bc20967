import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button, EmptyState } from '#ui';
import { text } from '../text.ts';
import styles from './ErrorBoundary.module.css';

interface BoundaryProps {
  /** What failed, in the reader's words. */
  readonly part: string;
  /** Saves the segments as a file; absent where there is nothing to save or nothing to save it with. */
  readonly onDownload?: (() => void) | undefined;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly failure: unknown;
  readonly failed: boolean;
}

/** A part that failed is replaced by a way on; the work lives outside React and is not touched. */
export class ErrorBoundary extends Component<BoundaryProps, BoundaryState> {
  override readonly state: BoundaryState = { failed: false, failure: undefined };

  static getDerivedStateFromError(failure: unknown): BoundaryState {
    return { failed: true, failure };
  }

  override componentDidCatch(failure: unknown, { componentStack }: ErrorInfo): void {
    // A stack has names of components, never of patients.
    console.error(this.props.part, failure, componentStack);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const { part, onDownload } = this.props;
    return (
      <div className={styles.root} role="alert">
        <EmptyState icon="error" title={text.failure.title(part)} detail={text.failure.detail}>
          <div className={styles.actions}>
            <Button onClick={() => this.setState({ failed: false, failure: undefined })}>{text.retry}</Button>
            {onDownload === undefined ? null : <Button onClick={onDownload}>{text.failure.download}</Button>}
            <Button onClick={() => window.location.reload()}>{text.failure.reload}</Button>
          </div>
          <details className={styles.details}>
            <summary>{text.failure.details}</summary>
            <pre>{this.state.failure instanceof Error ? this.state.failure.message : String(this.state.failure)}</pre>
          </details>
        </EmptyState>
      </div>
    );
  }
}
