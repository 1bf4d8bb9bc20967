import type { Command } from '#extension-api';
import type { Viewer } from '#viewer';
import { text } from '../text.ts';
import { lookCommands } from './lookCommands.ts';
import { EDIT_TOOLS, MEASURING_TOOLS, NAVIGATION_TOOLS } from './toolbarTools.ts';
import { viewCommandsOf } from './viewCommand.ts';

const PRESET_KEYS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const PRESET_ID = 'view.preset';
const ZOOM_STEP = 1.25;

/** The nine preset keys are always there; a list shows those that have a preset now. */
export const isListed = (command: Command, isAvailable: boolean): boolean =>
  isAvailable || !command.id.startsWith(PRESET_ID);

/** Looking at the open series. */
export function viewCommands(viewer: Viewer): readonly Command[] {
  const words = text.command;
  const isOpen = (): boolean => viewer.openSeries.getState() !== undefined;
  const view = viewCommandsOf(viewer);
  return [
    ...[...NAVIGATION_TOOLS, ...MEASURING_TOOLS, ...EDIT_TOOLS].map(
      ({ toolName, shortcut, edits }): Command => ({
        id: `tool.${toolName}`,
        title: words.tool(text.tools[toolName]),
        shortcut,
        activates: toolName,
        group: edits ? 'segment' : 'view',
        isEnabled: isOpen,
        run: () => viewer.activateTool(toolName),
      }),
    ),
    ...PRESET_KEYS.map((key): Command => {
      const preset = () => viewer.activePane.getState().presets.getState()[key - 1];
      return {
        id: `${PRESET_ID}${key}`,
        get title() {
          const named = preset();
          return named === undefined ? words.noPreset(key) : words.preset(named.name);
        },
        shortcut: String(key),
        group: 'view',
        isEnabled: () => isOpen() && preset() !== undefined,
        run: () => {
          const chosen = preset();
          if (chosen !== undefined) viewer.applyPreset(chosen);
        },
      };
    }),
    view('crosshair', words.crosshair, 'x', () => viewer.setCrosshairs(!viewer.crosshairs.getState())),
    view('invert', words.invert, 'i', () => viewer.invert()),
    view('reset', words.reset, 'r', () => viewer.resetView()),
    view('zoomIn', words.zoomIn, 'Shift+ArrowUp', () => viewer.zoom(ZOOM_STEP)),
    view('zoomOut', words.zoomOut, 'Shift+ArrowDown', () => viewer.zoom(1 / ZOOM_STEP)),
    view('previousSlice', words.previousSlice, 'ArrowUp', () => viewer.scroll(-1)),
    view('nextSlice', words.nextSlice, 'ArrowDown', () => viewer.scroll(1)),
    view('back', words.back, 'PageUp', () => viewer.scroll(-5)),
    view('forward', words.forward, 'PageDown', () => viewer.scroll(5)),
    view('first', words.firstSlice, 'Home', () => viewer.scrollToEnd('first')),
    view('last', words.lastSlice, 'End', () => viewer.scrollToEnd('last')),
    ...lookCommands(viewer),
  ];
}
