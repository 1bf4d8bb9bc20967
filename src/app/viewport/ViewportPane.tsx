import { useEffect, useRef } from 'react';
import { useReadable } from '#ui';
import type { ViewportSlot } from '#viewer';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import { Corners } from './Corners.tsx';
import { KeyboardPointerMark } from './KeyboardPointerMark.tsx';
import styles from './ViewportPane.module.css';

/** One image with what a reader must know of it in the corners. The patient's name is in the banner, not on the image. */
export function ViewportPane({ slot }: { readonly slot: ViewportSlot }) {
  const { viewer } = useApp();
  const frame = useRef<HTMLElement>(null);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => (element.current === null ? undefined : viewer.attach(slot, element.current)), [viewer, slot]);
  const open = useReadable(viewer.openSeries);
  const active = useReadable(viewer.activeSlot);
  const several = useReadable(viewer.slots).length > 1;
  // A series that was opened by a key takes the keys: left on its row, Enter would open it again instead of propagating.
  useEffect(() => {
    const free = document.activeElement?.matches('input, select, textarea') !== true;
    if (slot === 'acquisition' && open !== undefined && free) frame.current?.focus({ preventScroll: true });
  }, [slot, open]);
  return (
    <section
      ref={frame}
      className={styles.pane}
      aria-label={text.viewport[slot]}
      // Focus follows the pointer's work, so that Enter after drawing does not press the last toolbar button again.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the image takes keys
      tabIndex={0}
      data-active={several && active === slot ? true : undefined}
      onPointerDownCapture={() => frame.current?.focus({ preventScroll: true })}
      // Cornerstone's element takes the focus on mouse-down, and then swallows every key press: no shortcut would work.
      onFocus={({ target }) => {
        viewer.setActiveSlot(slot);
        if (target !== frame.current) frame.current?.focus({ preventScroll: true });
      }}
      onContextMenu={(event) => event.preventDefault()}
    >
      <div ref={element} className={styles.image} />
      <Corners slot={slot} />
      {slot === 'acquisition' ? <KeyboardPointerMark element={element} /> : null}
    </section>
  );
}
