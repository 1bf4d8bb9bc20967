import { Slider as Radix } from 'radix-ui';
import styles from './Slider.module.css';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** What a screen reader says for the value. */
  readonly valueText: string;
  readonly onChange: (value: number) => void;
}

export const Slider = ({ label, value, min, max, step, valueText, onChange }: SliderProps) => (
  <Radix.Root
    className={styles.root}
    value={[value]}
    min={min}
    max={max}
    step={step}
    onValueChange={([next]) => (next === undefined ? undefined : onChange(next))}
  >
    <Radix.Track className={styles.track}>
      <Radix.Range className={styles.range} />
    </Radix.Track>
    <Radix.Thumb className={styles.thumb} aria-label={label} aria-valuetext={valueText} />
  </Radix.Root>
);
