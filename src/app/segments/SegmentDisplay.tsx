import type { Rgb, Segment } from '#core/labelmap/segment.ts';
import { SEGMENT_COLORS } from '#core/labelmap/segment.ts';
import { Slider } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './SegmentDisplay.module.css';

interface DisplayProps {
  readonly segment: Segment;
  readonly onColor: (color: Rgb) => void;
}

const hex = (color: Rgb): string => `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

function rgbOf(value: string): Rgb {
  const part = (at: number): number => Number.parseInt(value.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** Colour, which is stored with the segment, and opacity, which is how it is looked at. */
export function SegmentDisplay({ segment, onColor }: DisplayProps) {
  const { labelmap } = useApp();
  const { number, label, color, opacity = 1 } = segment;
  const words = text.segments;
  return (
    <div className={styles.display}>
      <label className={styles.color}>
        <span>{words.color}</span>
        <input
          type="color"
          aria-label={words.colorOf(label)}
          list="segment-colors"
          value={hex(color)}
          // Said once, when the reader has chosen: a colour picker reports every colour on the way.
          ref={(input) => {
            if (input !== null) input.onchange = () => onColor(rgbOf(input.value));
          }}
          onChange={() => undefined}
        />
        <datalist id="segment-colors">
          {SEGMENT_COLORS.map((entry) => (
            <option key={hex(entry)} value={hex(entry)} />
          ))}
        </datalist>
      </label>
      <span className={styles.name}>{words.opacity}</span>
      <Slider
        label={words.opacityOf(label)}
        value={opacity}
        min={0}
        max={1}
        step={0.05}
        valueText={text.settings.percent(opacity)}
        onChange={(next) => labelmap.setDisplay(number, { opacity: next })}
      />
    </div>
  );
}
