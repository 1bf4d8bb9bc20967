import { useState } from 'react';
import { Button, IconButton, Select, TextField, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './PresetSettings.module.css';

const MODALITIES = ['CT', 'MR', 'PT', 'NM', 'US'] as const;
/** Names longer than this do not fit the list in the toolbar. */
const LONGEST_NAME = 20;

/** Window presets of the reader's own, by modality: before the built-in ones, on the first number keys. */
export function PresetSettings() {
  const { settings } = useApp();
  const { presets } = useReadable(settings.state);
  const [modality, setModality] = useState<(typeof MODALITIES)[number]>('CT');
  const [name, setName] = useState('');
  const [centre, setCentre] = useState('');
  const [width, setWidth] = useState('');
  const words = text.look.ownPresets;
  const complete = name.trim() !== '' && centre.trim() !== '' && Number.isFinite(Number(centre)) && Number(width) > 0;
  const add = (): void => {
    const made = { modality, name: name.trim(), centre: Number(centre), width: Number(width) };
    settings.change({ presets: [...presets, made] });
    for (const clear of [setName, setCentre, setWidth]) clear('');
  };
  return (
    <section className={styles.section} aria-label={words.title}>
      <h3 className={styles.heading}>{words.title}</h3>
      <ul>
        {presets.map((preset) => (
          <li key={`${preset.modality} ${preset.name} ${preset.centre} ${preset.width}`} className={styles.row}>
            <span className={styles.modality}>{preset.modality}</span>
            <span className={styles.name}>{preset.name}</span>
            <span>{words.level(preset.width, preset.centre)}</span>
            <IconButton
              icon="delete"
              label={words.remove(preset.name)}
              onClick={() => settings.change({ presets: presets.filter((entry) => entry !== preset) })}
            />
          </li>
        ))}
      </ul>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (complete) add();
        }}
      >
        <Select
          label={text.browser.modality}
          value={modality}
          options={MODALITIES.map((value) => ({ value, label: value }))}
          onChange={setModality}
        />
        <TextField
          label={words.name}
          placeholder={words.name}
          maxLength={LONGEST_NAME}
          value={name}
          onChange={setName}
        />
        <TextField
          label={words.width}
          placeholder={words.width}
          inputMode="decimal"
          value={width}
          onChange={setWidth}
        />
        <TextField
          label={words.centre}
          placeholder={words.centre}
          inputMode="decimal"
          value={centre}
          onChange={setCentre}
        />
        <Button type="submit" unavailable={!complete}>
          {words.add}
        </Button>
      </form>
    </section>
  );
}
