import { Progress as Radix } from 'radix-ui';
import styles from './Progress.module.css';

interface ProgressProps {
  readonly label: string;
  /** 0..1; undefined where the end is not known. */
  readonly share: number | undefined;
}

export const Progress = ({ label, share }: ProgressProps) => (
  <Radix.Root
    className={styles.track}
    aria-label={label}
    value={share === undefined ? null : Math.round(Math.min(1, Math.max(0, share)) * 100)}
  >
    <Radix.Indicator
      className={share === undefined ? styles.moving : styles.bar}
      style={share === undefined ? undefined : { transform: `scaleX(${Math.min(1, Math.max(0, share))})` }}
    />
  </Radix.Root>
);
