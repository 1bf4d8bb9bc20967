import { createStore } from 'zustand/vanilla';
import { DEFAULT_MEANING, type SegmentMeaning } from '#core/terminology/segmentMeaning.ts';
import { SEGMENT_MEANINGS } from '#core/terminology/segmentTypes.ts';
import type { ReadableState } from '#extension-api';
import { LAYOUT_NAMES, type Layout, type OwnPreset } from '#viewer';
import { RETENTIONS, type Retention } from '../autosave/autosave.ts';

export const THEMES = ['dark', 'light', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

export interface Settings {
  /** How long unsaved work stays in this browser. */
  readonly retention: Retention;
  readonly theme: Theme;
  /** Until the reader chooses another one. */
  readonly layout: Layout;
  /** 0..1 */
  readonly overlayOpacity: number;
  /** Whether the first steps are shown while nothing is open. */
  readonly firstSteps: boolean;
  /** Of slices that run by themselves. */
  readonly framesPerSecond: number;
  /** What a new segment is: the code value of a type on our list. */
  readonly newSegmentType: string;
  /** Window presets of the reader's own; they come before the built-in ones. */
  readonly presets: readonly OwnPreset[];
}

export interface SettingsStore {
  readonly state: ReadableState<Settings>;
  change(change: Partial<Settings>): void;
}

/** What a new segment is. */
export const newSegmentMeaning = ({ newSegmentType }: Settings): SegmentMeaning => {
  const { category, type } = SEGMENT_MEANINGS.find((one) => one.type.value === newSegmentType) ?? DEFAULT_MEANING;
  return { category, type };
};

const KEY = 'voxprompt.settings';
const DEFAULTS: Settings = {
  retention: '7',
  theme: 'dark',
  layout: 'stack',
  overlayOpacity: 0.35,
  firstSteps: true,
  framesPerSecond: 12,
  newSegmentType: DEFAULT_MEANING.type.value,
  presets: [],
};

/** Kept in the browser: how the reader likes the screen, and nothing of any patient. */
export function createSettings(storage: Pick<Storage, 'getItem' | 'setItem'>): SettingsStore {
  const state = createStore<Settings>(() => parsed(storage.getItem(KEY)));
  return {
    state,
    change(change) {
      state.setState(change);
      storage.setItem(KEY, JSON.stringify(state.getState()));
    },
  };
}

/** What cannot be read is not worth a message: the defaults are. */
function parsed(stored: string | null): Settings {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? '{}');
  } catch {
    return DEFAULTS;
  }
  if (typeof value !== 'object' || value === null) return DEFAULTS;
  const { retention, theme, layout, overlayOpacity, firstSteps, framesPerSecond, newSegmentType, presets } =
    value as Partial<Record<keyof Settings, unknown>>;
  return {
    retention: RETENTIONS.find((known) => known === retention) ?? DEFAULTS.retention,
    theme: THEMES.find((known) => known === theme) ?? DEFAULTS.theme,
    layout: LAYOUT_NAMES.find((known) => known === layout) ?? DEFAULTS.layout,
    overlayOpacity:
      typeof overlayOpacity === 'number' && overlayOpacity >= 0 && overlayOpacity <= 1
        ? overlayOpacity
        : DEFAULTS.overlayOpacity,
    firstSteps: typeof firstSteps === 'boolean' ? firstSteps : DEFAULTS.firstSteps,
    framesPerSecond:
      typeof framesPerSecond === 'number' && framesPerSecond >= 1 && framesPerSecond <= 60
        ? framesPerSecond
        : DEFAULTS.framesPerSecond,
    newSegmentType:
      SEGMENT_MEANINGS.find(({ type }) => type.value === newSegmentType)?.type.value ?? DEFAULTS.newSegmentType,
    presets: Array.isArray(presets) ? presets.flatMap((entry) => ownPreset(entry) ?? []) : DEFAULTS.presets,
  };
}

function ownPreset(value: unknown): OwnPreset | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { modality, name, centre, width } = value as Partial<Record<keyof OwnPreset, unknown>>;
  if (typeof modality !== 'string' || typeof name !== 'string') return undefined;
  if (!isNumber(centre) || !isNumber(width) || width <= 0) return undefined;
  return { modality, name, centre, width };
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);
