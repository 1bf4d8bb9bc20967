import { useState } from 'react';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import { Button, Slider, TextField, useReadable } from '#ui';
import type { ValueRange } from '#viewer';
import { useApp } from '../AppContext.ts';
import { EDIT_TOOLS } from '../commands/toolbarTools.ts';
import { text } from '../text.ts';
import styles from './BrushOptions.module.css';

/** Size of the brush in hand, and what a threshold brush paints. */
export function BrushOptions() {
  const { viewer } = useApp();
  const active = useReadable(viewer.activeTool);
  const radius = useReadable(viewer.brushRadius);
  if (!EDIT_TOOLS.some(({ toolName }) => toolName === active)) return null;
  return (
    <section className={styles.options} aria-label={text.command.brush}>
      <div className={styles.size}>
        <Slider
          label={text.command.brushRadius}
          value={radius}
          min={0.5}
          max={25}
          step={0.5}
          valueText={text.measure.mm(radius)}
          onChange={(next) => viewer.setBrushRadius(next)}
        />
        <span>{text.measure.mm(radius)}</span>
      </div>
      {active === 'ThresholdBrush' ? <BrushRange /> : null}
    </section>
  );
}

/** The values that are painted: taken from the first touch of each stroke until the reader fixes them. */
function BrushRange() {
  const { viewer } = useApp();
  const fixed = useReadable(viewer.brushRange);
  const last = useReadable(viewer.lastBrushRange);
  const open = useReadable(viewer.openSeries);
  const { factor, units } = open === undefined ? { factor: 1, units: '' } : valueScaleOf(open.series);
  const values = fixed ?? last;
  const shown = values && { lower: values.lower * factor, upper: values.upper * factor };
  const words = text.command;
  const change = (part: Partial<ValueRange>): void => {
    const { lower, upper } = { ...(shown ?? { lower: 0, upper: 0 }), ...part };
    viewer.setBrushRange({ lower: lower / factor, upper: Math.max(lower, upper) / factor });
  };
  return (
    <fieldset className={styles.range} aria-label={words.brushRange}>
      <Bound label={words.brushFrom} value={shown?.lower} onChange={(lower) => change({ lower })} />
      <span aria-hidden="true">…</span>
      <Bound label={words.brushTo} value={shown?.upper} onChange={(upper) => change({ upper })} />
      {units === '' ? null : <span>{units}</span>}
      {fixed === undefined ? (
        last === undefined ? (
          <span>{words.brushAuto}</span>
        ) : (
          <Button kind="quiet" onClick={() => viewer.setBrushRange(last)}>
            {words.brushFixed}
          </Button>
        )
      ) : (
        <Button kind="quiet" onClick={() => viewer.setBrushRange(undefined)}>
          {words.brushAuto}
        </Button>
      )}
    </fieldset>
  );
}

interface BoundProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number) => void;
}

/** A number that counts when it is finished: half of one is another range. */
function Bound({ label, value, onChange }: BoundProps) {
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const finish = (): void => {
    const typed = Number(draft);
    if (draft !== undefined && draft.trim() !== '' && Number.isFinite(typed)) onChange(typed);
    setDraft(undefined);
  };
  return (
    <TextField
      label={label}
      className={styles.bound}
      inputMode="decimal"
      value={draft ?? (value === undefined ? '' : String(Number(value.toPrecision(4))))}
      onChange={setDraft}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}
