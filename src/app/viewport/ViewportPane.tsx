import { useEffect, useRef } from 'react';
import { classNames, useReadable } from '#ui';
import type { ViewportSlot } from '#viewer';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import { CompanionCover } from './CompanionState.tsx';
import { Corners } from './Corners.tsx';
import { KeyboardPointerMark } from './KeyboardPointerMark.tsx';
import { PaneBar } from './PaneBar.tsx';
import { useSeriesDrop } from './seriesDrag.ts';
import styles from './ViewportPane.module.css';

/** One image with what a reader must know of it in the corners. The patient's name is in the banner, not on the image. */
export function ViewportPane({ slot }: { readonly slot: ViewportSlot }) {
  const { viewer } = useApp();
  const frame = useRef<HTMLElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const inStage = (target: EventTarget): boolean => target instanceof Node && stage.current?.contains(target) === true;
  useEffect(() => (element.current === null ? undefined : viewer.attach(slot, element.current)), [viewer, slot]);
  const open = useReadable(viewer.openSeries);
  const active = useReadable(viewer.activeSlot);
  // Keys point in the plane that the reader works in; the second series and the 3D view have nothing to draw on.
  const pointed = active === 'companion' || active === 'solid' ? 'acquisition' : active;
  const several = useReadable(viewer.slots).length > 1;
  const paired = useReadable(viewer.layout) === 'pair' && (slot === 'acquisition' || slot === 'companion');
  const tool = useReadable(viewer.activeTool);
  const { takes, ...drop } = useSeriesDrop(slot);
  // A series that was opened by a key takes the keys: left on its row, Enter would open it again instead of propagating.
  useEffect(() => {
    const free = document.activeElement?.matches('input, select, textarea') !== true;
    if (slot === 'acquisition' && open !== undefined && free) frame.current?.focus({ preventScroll: true });
  }, [slot, open]);
  // A pane that became the active one by a key has the keys from now on.
  useEffect(() => {
    const elsewhere = document.activeElement?.closest('[data-pane]');
    if (active === slot && elsewhere && !frame.current?.contains(elsewhere))
      frame.current?.focus({ preventScroll: true });
  }, [active, slot]);
  return (
    <section
      ref={frame}
      className={classNames(styles.pane, paired && styles.withBar)}
      aria-label={text.viewport[slot]}
      // Focus follows the pointer's work, so that Enter after drawing does not press the last toolbar button again.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the image takes keys
      tabIndex={0}
      data-pane={slot}
      data-active={several && active === slot ? true : undefined}
      data-takes={takes || undefined}
      onPointerDownCapture={({ target }) => {
        if (inStage(target)) frame.current?.focus({ preventScroll: true });
      }}
      // Cornerstone's element takes the focus on mouse-down, and then swallows every key press: no shortcut would work.
      onFocus={({ target }) => {
        viewer.setActiveSlot(slot);
        if (inStage(target)) frame.current?.focus({ preventScroll: true });
      }}
      onContextMenu={(event) => event.preventDefault()}
      {...drop}
    >
      {paired ? <PaneBar slot={slot} /> : null}
      <div ref={stage} className={styles.stage}>
        <div ref={element} className={styles.image} data-refuses={!viewer.worksIn(slot, tool) || undefined} />
        <Corners slot={slot} />
        {slot === pointed ? <KeyboardPointerMark element={element} /> : null}
        {slot === 'companion' ? <CompanionCover /> : null}
      </div>
    </section>
  );
}
