import type { Command } from '#extension-api';
import { text } from '../text.ts';

/** What the reader can do next, in one line. */
export interface Hint {
  readonly text: string;
  /** Commands worth a key now. */
  readonly commands: readonly Command[];
}

export interface HintSituation {
  readonly seriesOpen: boolean;
  readonly viewOnly: boolean;
  readonly preview: boolean;
  readonly segments: number;
  readonly unsaved: boolean;
  readonly activeTool: string;
  /** Commands that can run now and have keys. */
  readonly available: readonly Command[];
}

const AT_MOST = 3;

/** The next step of the journey: open, prompt, propagate or accept, correct, save. */
export function hintOf({
  seriesOpen,
  viewOnly,
  preview,
  segments,
  unsaved,
  activeTool,
  available,
}: HintSituation): Hint {
  const inGroup = (group: Command['group']): readonly Command[] =>
    available.filter((command) => command.group === group).slice(0, AT_MOST);
  if (!seriesOpen) return { text: text.hint.chooseSeries, commands: [] };
  if (viewOnly) return { text: text.hint.viewOnly, commands: [] };
  if (preview) return { text: '', commands: inGroup('propagate') };
  const prompt = available.find(({ group, activates }) => group === 'prompt' && activates !== undefined);
  if (prompt !== undefined && activeTool === prompt.activates) return { text: text.hint.drag, commands: [] };
  if (segments > 0 && unsaved) {
    const save = available.find(({ group, shortcut }) => group === 'file' && shortcut?.toLowerCase() === 'ctrl+s');
    return { text: text.hint.edit, commands: [...(prompt ? [prompt] : []), ...(save ? [save] : [])] };
  }
  if (prompt !== undefined) return { text: text.hint.start, commands: [prompt] };
  return { text: text.hint.manual, commands: available.filter(({ activates }) => activates === 'Brush') };
}
