import { useLayoutEffect, useRef } from 'react';
import { SUV_REFUSALS } from '#core/dicom/suvRefusal.ts';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import type { ReadableState } from '#extension-api';
import { usePart, useReadable } from '#ui';
import type { SlotInfo, ViewportSlot } from '#viewer';
import { useApp } from '../AppContext.ts';
import { patientBanner } from '../series/patient.ts';
import { text } from '../text.ts';
import { CompanionNotes } from './CompanionState.tsx';
import { ScaleBar } from './ScaleBar.tsx';
import styles from './ViewportPane.module.css';

/** What is written over one image. */
export function Corners({ slot }: { readonly slot: ViewportSlot }) {
  const { viewer } = useApp();
  const info = viewer.slotInfo(slot);
  const pane = slot === 'companion' ? viewer.companion : viewer;
  const open = useReadable(pane.openSeries);
  const paired = useReadable(viewer.layout) === 'pair';
  const orientation = usePart(info, (shown) => shown.orientation);
  const problem = usePart(info, (shown) => shown.problem);
  const note = usePart(info, (shown) => shown.note);
  const header = open?.series.frames[0]?.dataset;
  if (header === undefined) return null;
  return (
    <div className={styles.corners}>
      <span className={styles.topLeft}>
        {paired ? null : text.viewport[slot]}
        {slot === 'acquisition' && !paired ? (
          <span className={styles.quiet}>{patientBanner(header).seriesDescription}</span>
        ) : null}
        {slot === 'companion' ? <CompanionNotes /> : null}
        {slot === 'solid' && orientation === undefined ? (
          <span className={styles.quiet} role="status">
            {text.panes.preparing}
          </span>
        ) : null}
      </span>
      <span className={styles.bottomLeft}>
        <CursorValue slot={slot} />
        {note === undefined ? null : <span className={styles.warning}>{note}</span>}
        <SliceLabel info={info} />
        <Running slot={slot} />
      </span>
      <span className={styles.bottomRight}>
        <Magnification info={info} />
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

type Info = ReadableState<SlotInfo>;

/** Changes with every slice, so it is written into its place: drawn anew by React, it would be half of our work for a slice. */
function SliceLabel({ info }: { readonly info: Info }) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const write = (): void => {
      if (place.current !== null) place.current.textContent = info.getState().sliceLabel;
    };
    write();
    return info.subscribe(write);
  }, [info]);
  return <span ref={place} />;
}

function Magnification({ info }: { readonly info: Info }) {
  // The last digits differ from slice to slice.
  const millimetresPerPixel = usePart(info, (shown) => Number(shown.millimetresPerPixel.toPrecision(6)));
  const windowText = usePart(info, (shown) => shown.windowText);
  const percent = usePart(info, ({ zoom }) => Math.round(zoom * 100));
  return (
    <>
      <ScaleBar millimetresPerPixel={millimetresPerPixel} />
      {windowText}
      <span className={styles.quiet}>{text.viewport.zoom(percent)}</span>
    </>
  );
}

/** Value and voxel under the pointer; a part of its own, because it changes with every move. */
function CursorValue({ slot }: { readonly slot: ViewportSlot }) {
  const { viewer } = useApp();
  const reading = useReadable(viewer.cursor);
  const open = useReadable(viewer.openSeries);
  if (reading?.slot !== slot) return null;
  const noSuv = open && valueScaleOf(open.series).noSuv;
  const [i, j] = reading.voxel;
  return (
    <span className={styles.cursor}>
      {reading.value}
      <span className={styles.quiet}>{text.look.voxel(i, j)}</span>
      {noSuv === undefined ? null : <span className={styles.quiet}>{text.look.noSuv(SUV_REFUSALS[noSuv])}</span>}
    </span>
  );
}

function Running({ slot }: { readonly slot: ViewportSlot }) {
  const { viewer } = useApp();
  const isHere = useReadable(viewer.promptsHere) ? slot === 'acquisition' : slot === 'companion';
  const playing = useReadable(viewer.playing);
  const fps = useReadable(viewer.framesPerSecond);
  return playing && isHere ? <span className={styles.quiet}>{text.look.perSecond(fps)}</span> : null;
}
