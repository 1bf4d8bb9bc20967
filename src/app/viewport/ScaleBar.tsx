import { text } from '../text.ts';
import styles from './ViewportPane.module.css';

/** Longest bar, CSS px. */
const LONGEST = 100;
/** Lengths that can be read at a glance, mm. */
const LENGTHS = [200, 100, 50, 20, 10, 5, 2, 1] as const;

/** How long something on the image is: the longest round length that fits. */
export function ScaleBar({ millimetresPerPixel }: { readonly millimetresPerPixel: number }) {
  const length = LENGTHS.find((millimetres) => millimetres / millimetresPerPixel <= LONGEST);
  if (!(millimetresPerPixel > 0) || length === undefined) return null;
  const width = length / millimetresPerPixel;
  return (
    <span className={styles.scale}>
      {text.look.scale(length)}
      <svg width={width} height="6" aria-hidden="true">
        <path d={`M0.5 0V5.5H${width - 0.5}V0`} />
      </svg>
    </span>
  );
}
