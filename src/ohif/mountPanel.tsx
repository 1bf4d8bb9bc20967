import { createElement, type FunctionComponent } from 'react';
import { createRoot } from 'react-dom/client';
import { PropagationStrip, SamPanel } from '#extensions/sam-segmentation';
import { TooltipProvider } from '#ui';
import { installStyles } from '../embed/styles.ts';
import styles from './OhifPanel.module.css';
import { SegmentList } from './SegmentList.tsx';
import type { RunningPlugin } from './start.ts';

/** Renders the panel into an element of OHIF's. The build puts Preact in React's place: OHIF does not share its own. */
export function mountPanel(element: HTMLElement, { embedded, session, overlays }: RunningPlugin): () => void {
  installStyles();
  const root = createRoot(element);
  const { host } = embedded;
  root.render(
    <TooltipProvider>
      <div className={`voxprompt ${styles.panel}`}>
        <SamPanel host={host} session={session} boxKey="Shift+b" />
        <PropagationStrip host={host} session={session} />
        <SegmentList embedded={embedded} />
        {/* The API is free of React: this is where a panel becomes a component. */}
        {overlays.map(({ id, component }) =>
          createElement(component as FunctionComponent<{ host: typeof host }>, { key: id, host }),
        )}
      </div>
    </TooltipProvider>,
  );
  return () => root.unmount();
}
