import { createElement, type FunctionComponent } from 'react';
import type { Panel } from '#extension-api';
import { Section } from '#ui';
import { useApp } from '../AppContext.ts';
import styles from './Dialogs.module.css';
import { canDownload, downloadSegments } from './downloadSegments.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';

/** Panels that extensions bring to a place, in their order. One that fails does not take the others with it. */
export const ContributedPanels = ({ place }: { readonly place: Panel['place'] }) =>
  useApp()
    .panels.filter((panel) => panel.place === place)
    .map((panel) => <ContributedPanel key={panel.id} panel={panel} />);

function ContributedPanel({ panel: { title, place, component } }: { readonly panel: Panel }) {
  const app = useApp();
  const body = (
    <ErrorBoundary part={title} onDownload={canDownload(app) ? () => downloadSegments(app) : undefined}>
      {/* The API is free of React: this is where a panel becomes a component. */}
      {createElement(component as FunctionComponent<{ host: typeof app.host }>, { host: app.host })}
    </ErrorBoundary>
  );
  if (place === 'side') return <Section title={title}>{body}</Section>;
  if (place !== 'settings') return body;
  return (
    <div className={styles.setting}>
      <span>{title}</span>
      {body}
    </div>
  );
}
