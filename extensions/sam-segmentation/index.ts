import type { Extension, Host } from '#extension-api';
import { loadBrowserModel } from './inference/browserModel.ts';
import { announceProgress } from './session/announceProgress.ts';
import { samCommands } from './session/commands.ts';
import { createModelSource } from './session/modelSource.ts';
import { prefetchAtRest } from './session/prefetch.ts';
import { createSession, type SamSession } from './session/session.ts';
import { listenToBoxKeys } from './tools/boxKeys.ts';
import { connectedTools } from './tools/connectTools.ts';
import { samPanels } from './ui/panels.tsx';

export type { PromptableModel } from './inference/model.ts';
export { createModelSource, type LoadModel } from './session/modelSource.ts';
export type { LesionSegmenter, LesionTask, ModelState, SegmenterSource } from './session/segmenterPort.ts';
export { createSession, type SamSession } from './session/session.ts';
export type { Lesion, SessionEvent, SessionState, SliceResult } from './session/sessionState.ts';
export type { PromptPort } from './tools/promptPort.ts';
export { SamBoxTool } from './tools/SamBoxTool.ts';
export { SamPointNegativeTool, SamPointPositiveTool } from './tools/SamPointTool.ts';

/** Segment Anything on the slices of the open series: a box, a preview, a propagation, an accepted lesion. */
export const samSegmentation: Extension = {
  id: 'sam-segmentation',
  contribute(config) {
    let session: SamSession | undefined;
    const tools = connectedTools();
    const manifestUrl = `${config.modelsRoot}${config.defaultModel}/manifest.json`;

    function activate(host: Host): () => void {
      const model = createModelSource((options) => loadBrowserModel(manifestUrl, options), host.viewer);
      const started = createSession(host, model);
      session = started;
      const ends = [
        tools.connect(host, started),
        prefetchAtRest(host, started),
        announceProgress(host, started),
        listenToBoxKeys(window, host, started),
        () => started.dispose(),
      ];
      return () => {
        for (const end of ends) end();
        session = undefined;
      };
    }

    return {
      tools: tools.tools,
      commands: samCommands(() => session),
      panels: samPanels(() => session),
      activate,
    };
  },
};
