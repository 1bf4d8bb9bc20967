import type { Command, Host } from '#extension-api';
import { modelsText } from '../modelsText.ts';
import { text } from '../text.ts';
import { backendWords } from './backendText.ts';
import { doubtfulSlices, nextDoubtful } from './doubt.ts';
import { keyboardBox } from './keyboardBox.ts';
import { nextAction } from './nextAction.ts';
import type { SamSession } from './session.ts';
import { SamTool } from './toolNames.ts';

const words = text.command;

/** One record per action; the session exists once the host does. */
export function samCommands(session: () => SamSession | undefined): readonly Command[] {
  const state = () => session()?.state.getState();
  const next = () => {
    const now = state();
    return now === undefined ? 'nothing' : nextAction(now);
  };
  const lesion = () => state()?.lesion;
  const isOpen = (): boolean => state()?.ground.kind === 'open';
  const prompted = (host: Host): boolean => {
    const now = lesion();
    return now !== undefined && 'prompts' in now && now.prompts.slices.has(host.viewer.currentSlice.getState());
  };
  const tool = (id: string, title: string, shortcut: string, toolName: string): Command => ({
    id,
    title,
    shortcut,
    activates: toolName,
    group: 'prompt',
    isEnabled: isOpen,
    run: ({ viewer }) => viewer.activateTool(toolName),
  });
  const placesBox = (host: Host): boolean => next() === 'draw-box' && host.viewer.activeTool.getState() === SamTool.box;

  return [
    tool('sam.box', words.box, 'b', SamTool.box),
    tool('sam.pointInside', words.inside, '+', SamTool.inside),
    tool('sam.pointOutside', words.outside, '-', SamTool.outside),
    {
      id: 'sam.placeBox',
      title: words.placeBox,
      shortcut: 'Shift+Enter',
      group: 'prompt',
      isEnabled: isOpen,
      run: (host) => {
        const box = keyboardBox(host, lesion());
        if (box !== undefined) session()?.send({ kind: 'box', ...box, draft: false });
      },
    },
    {
      id: 'sam.removePrompts',
      title: words.removePrompts,
      shortcut: 'Delete',
      group: 'prompt',
      isEnabled: prompted,
      run: ({ viewer }) => session()?.send({ kind: 'remove-slice', k: viewer.currentSlice.getState() }),
    },
    {
      id: 'sam.propagate',
      title: words.propagate,
      shortcut: 'Enter',
      group: 'propagate',
      isEnabled: () => ['propagate', 'redo'].includes(next()),
      run: () => session()?.send({ kind: 'propagate' }),
    },
    {
      id: 'sam.accept',
      title: words.accept,
      shortcut: 'Enter',
      group: 'propagate',
      isEnabled: () => next() === 'accept',
      run: () => session()?.send({ kind: 'accept' }),
    },
    {
      id: 'sam.retry',
      title: words.retry,
      shortcut: 'Enter',
      group: 'propagate',
      isEnabled: () => next() === 'retry',
      run: () => session()?.send({ kind: 'retry' }),
    },
    {
      id: 'sam.placeFirstBox',
      title: words.placeFirstBox,
      shortcut: 'Enter',
      group: 'prompt',
      isEnabled: placesBox,
      run: (host) => host.runCommand('sam.placeBox'),
    },
    {
      id: 'sam.acceptAsShown',
      title: words.acceptAsShown,
      shortcut: 'Shift+a',
      group: 'propagate',
      isEnabled: () => next() !== 'accept' && (lesion()?.phase === 'prompting' || lesion()?.phase === 'reviewing'),
      run: () => session()?.send({ kind: 'accept' }),
    },
    {
      id: 'sam.stop',
      title: words.stop,
      shortcut: 'Escape',
      group: 'propagate',
      isEnabled: () => lesion()?.phase === 'propagating',
      run: () => session()?.send({ kind: 'escape' }),
    },
    {
      id: 'sam.reject',
      title: words.reject,
      shortcut: 'Escape',
      group: 'propagate',
      isEnabled: () => lesion()?.phase === 'prompting' || lesion()?.phase === 'reviewing',
      run: () => session()?.send({ kind: 'escape' }),
    },
    {
      id: 'sam.restore',
      title: words.restore,
      group: 'propagate',
      isEnabled: () => lesion()?.phase === 'rejected',
      run: () => session()?.send({ kind: 'restore' }),
    },
    {
      id: 'sam.nextDoubtful',
      title: words.nextDoubtful,
      shortcut: 'n',
      group: 'propagate',
      isEnabled: () => {
        const now = lesion();
        return now !== undefined && doubtfulSlices(now).length > 0;
      },
      whyNot: () => (lesion()?.phase === 'reviewing' ? text.refused.nothingDoubtful : undefined),
      run: ({ viewer, notices }) => {
        const now = lesion();
        const doubtful = now === undefined ? [] : doubtfulSlices(now);
        const k = nextDoubtful(doubtful, viewer.currentSlice.getState());
        if (k === undefined) return;
        viewer.goToSlice(k);
        notices.announce(text.told.doubtful(k, doubtful.indexOf(k), doubtful.length));
      },
    },
    {
      id: 'sam.newLesion',
      title: words.newLesion,
      group: 'prompt',
      isEnabled: () => isOpen() && state()?.into.kind !== 'new',
      run: () => session()?.send({ kind: 'choose-target', target: { kind: 'new' } }),
    },
  ];
}

/** The choice itself stands in the settings. */
export const chooseBackend: Command = {
  id: 'sam.backend',
  title: backendWords.command,
  group: 'file',
  isEnabled: () => true,
  run: (host) => host.runCommand('app.settings'),
};

/** Opens the dialog of models; works whether or not a series is open. */
export const manageModels = (open: () => void): Command => ({
  id: 'sam.models',
  title: modelsText.command,
  inSettings: modelsText.inSettings,
  group: 'file',
  isEnabled: () => true,
  run: open,
});
