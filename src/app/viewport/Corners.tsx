import { SUV_REFUSALS } from '#core/dicom/suvRefusal.ts';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import { useReadable } from '#ui';
import type { ViewportSlot } from '#viewer';
import { useApp } from '../AppContext.ts';
import { patientBanner } from '../series/patient.ts';
import { text } from '../text.ts';
import { ScaleBar } from './ScaleBar.tsx';
import styles from './ViewportPane.module.css';

/** What is written over one image. */
export function Corners({ slot }: { readonly slot: ViewportSlot }) {
  const { viewer } = useApp();
  const info = useReadable(viewer.slotInfo(slot));
  const open = useReadable(viewer.openSeries);
  const header = open?.series.frames[0]?.dataset;
  if (header === undefined) return null;
  const { orientation, sliceLabel, windowText, zoom, millimetresPerPixel, problem } = info;
  return (
    <div className={styles.corners}>
      <span className={styles.topLeft}>
        {text.viewport[slot]}
        {slot === 'acquisition' ? (
          <span className={styles.quiet}>{patientBanner(header).seriesDescription}</span>
        ) : null}
      </span>
      <span className={styles.bottomLeft}>
        <CursorValue slot={slot} />
        {sliceLabel}
        {slot === 'acquisition' ? <Running /> : null}
      </span>
      <span className={styles.bottomRight}>
        <ScaleBar millimetresPerPixel={millimetresPerPixel} />
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

function Running() {
  const { viewer } = useApp();
  const playing = useReadable(viewer.playing);
  const fps = useReadable(viewer.framesPerSecond);
  return playing ? <span className={styles.quiet}>{text.look.perSecond(fps)}</span> : null;
}
