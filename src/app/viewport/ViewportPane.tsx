import { useEffect, useRef } from 'react';
import { useReadable } from '#ui';
import type { ViewportSlot } from '#viewer';
import { useApp } from '../AppContext.ts';
import { patientBanner } from '../series/patient.ts';
import { text } from '../text.ts';
import { KeyboardPointerMark } from './KeyboardPointerMark.tsx';
import styles from './ViewportPane.module.css';

/** One image with what a reader must know of it in the corners. The patient's name is in the banner, not on the image. */
export function ViewportPane({ slot }: { readonly slot: ViewportSlot }) {
  const { viewer } = useApp();
  const frame = useRef<HTMLElement>(null);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => (element.current === null ? undefined : viewer.attach(slot, element.current)), [viewer, slot]);
  const open = useReadable(viewer.openSeries);
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
      onPointerDownCapture={() => frame.current?.focus({ preventScroll: true })}
      // Cornerstone's element takes the focus on mouse-down, and then swallows every key press: no shortcut would work.
      onFocus={({ target }) => (target === frame.current ? undefined : frame.current?.focus({ preventScroll: true }))}
      onContextMenu={(event) => event.preventDefault()}
    >
      <div ref={element} className={styles.image} />
      <Corners slot={slot} />
      {slot === 'acquisition' ? <KeyboardPointerMark element={element} /> : null}
    </section>
  );
}

function Corners({ slot }: { readonly slot: ViewportSlot }) {
  const { viewer } = useApp();
  const info = useReadable(viewer.slotInfo(slot));
  const open = useReadable(viewer.openSeries);
  const header = open?.series.frames[0]?.dataset;
  if (header === undefined) return null;
  const { orientation, sliceLabel, windowText, zoom, problem } = info;
  return (
    <div className={styles.corners}>
      <span className={styles.topLeft}>
        {text.viewport[slot]}
        {slot === 'acquisition' ? (
          <span className={styles.quiet}>{patientBanner(header).seriesDescription}</span>
        ) : null}
      </span>
      <span className={styles.bottomLeft}>{sliceLabel}</span>
      <span className={styles.bottomRight}>
        {windowText}
        <span className={styles.quiet}>{text.viewport.zoom(Math.round(zoom * 100))}</span>
      </span>
      {orientation === undefined ? null : (
        <>
          <span className={styles.left}>{orientation.left}</span>
          <span className={styles.right}>{orientation.right}</span>
          <span className={styles.top}>{orientation.top}</span>
          <span className={styles.bottom}>{orientation.bottom}</span>
        </>
      )}
      {problem === undefined ? null : (
        <span className={styles.problem} role="status">
          {problem}
        </span>
      )}
    </div>
  );
}
