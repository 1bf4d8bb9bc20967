import { createStore } from 'zustand/vanilla';
import type { ReadableState } from '#extension-api';
import { RETENTIONS, type Retention } from '../autosave/autosave.ts';

export const THEMES = ['dark', 'light', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

export interface Settings {
  /** How long unsaved work stays in this browser. */
  readonly retention: Retention;
  readonly theme: Theme;
  /** 0..1 */
  readonly overlayOpacity: number;
}

export interface SettingsStore {
  readonly state: ReadableState<Settings>;
  change(change: Partial<Settings>): void;
}

const KEY = 'voxprompt.settings';
const DEFAULTS: Settings = { retention: '7', theme: 'dark', overlayOpacity: 0.35 };

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
  const { retention, theme, overlayOpacity } = value as Partial<Record<keyof Settings, unknown>>;
  return {
    retention: RETENTIONS.find((known) => known === retention) ?? DEFAULTS.retention,
    theme: THEMES.find((known) => known === theme) ?? DEFAULTS.theme,
    overlayOpacity:
      typeof overlayOpacity === 'number' && overlayOpacity >= 0 && overlayOpacity <= 1
        ? overlayOpacity
        : DEFAULTS.overlayOpacity,
  };
}
