import { useEffect } from 'react';
import { classNames, TooltipProvider, useReadable } from '#ui';
import { AppProvider, useApp } from '../AppContext.ts';
import { WorkBanner } from '../autosave/WorkBanner.tsx';
import { StudyBrowserPanel } from '../browser/StudyBrowserPanel.tsx';
import type { App } from '../createApp.ts';
import { DropTarget } from '../drop/DropTarget.tsx';
import { Notices } from '../notices/Notices.tsx';
import { SegmentsPanel } from '../segments/SegmentsPanel.tsx';
import { text } from '../text.ts';
import { GeometryBanner } from '../viewport/GeometryBanner.tsx';
import { ViewportGrid } from '../viewport/ViewportGrid.tsx';
import styles from './AppWindow.module.css';
import { BrushOptions } from './BrushOptions.tsx';
import { ContributedPanels } from './ContributedPanels.tsx';
import { Dialogs } from './Dialogs.tsx';
import { canDownload, downloadSegments } from './downloadSegments.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { HintLine } from './HintLine.tsx';
import { Toolbar } from './Toolbar.tsx';
import { TopBar } from './TopBar.tsx';

/** The whole window. */
export const AppWindow = ({ app }: { readonly app: App }) => (
  <AppProvider value={app}>
    <ErrorBoundary part={text.product} onDownload={canDownload(app) ? () => downloadSegments(app) : undefined}>
      <TooltipProvider>
        <Shell />
      </TooltipProvider>
    </ErrorBoundary>
  </AppProvider>
);

/** Below this width the image needs the room of the study list once a series is open. */
const NARROW = '(width < 1200px)';

function Shell() {
  const { shell, viewer } = useApp();
  const { browserOpen, sideOpen } = useReadable(shell.state);
  const seriesOpen = useReadable(viewer.openSeries) !== undefined;
  useEffect(() => {
    const narrow = window.matchMedia(NARROW);
    const makeRoom = (): void => {
      if (seriesOpen && narrow.matches) shell.change({ browserOpen: false });
    };
    makeRoom();
    narrow.addEventListener('change', makeRoom);
    return () => narrow.removeEventListener('change', makeRoom);
  }, [seriesOpen, shell]);
  // Before a series is open there is nothing to say beside the image.
  const sideShown = sideOpen && seriesOpen;
  return (
    <div className={styles.window}>
      <header>
        <TopBar />
        <Toolbar />
      </header>
      <div className={classNames(styles.columns, !browserOpen && styles.noBrowser, !sideShown && styles.noSide)}>
        {browserOpen ? <StudyBrowserPanel /> : null}
        <main className={styles.main} aria-label={text.region.images}>
          <GeometryBanner />
          <WorkBanner />
          <div className={styles.images}>
            <ViewportGrid />
            <BrushOptions />
            <Notices />
          </div>
          <ContributedPanels place="strip" />
        </main>
        <aside className={styles.side} aria-label={text.region.side} hidden={!sideShown}>
          <ContributedPanels place="side" />
          <SegmentsPanel />
        </aside>
      </div>
      <HintLine />
      <ContributedPanels place="overlay" />
      <Dialogs />
      <DropTarget />
    </div>
  );
}
