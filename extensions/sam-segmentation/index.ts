import type { Extension } from '#extension-api';
import { pageLibrary } from './library/pageLibrary.ts';
import { withRegistered } from './segmenter/withRegistered.ts';
import { createBackendChoice, followBackendChoice } from './session/backendChoice.ts';
import { chooseBackend, manageModels } from './session/commands.ts';
import { createOtherSeries } from './session/otherSeries.ts';
import { createRangeGesture } from './tools/rangeGesture.ts';
import { createModelsDoor, samPanels } from './ui/panels.tsx';
import { wireSam } from './wiring.ts';

export type { PromptableModel } from './inference/model.ts';
export { withRegistered } from './segmenter/withRegistered.ts';
export { createModelSource, type LoadModel } from './session/modelSource.ts';
export { createOtherSeries } from './session/otherSeries.ts';
export type { LesionSegmenter, LesionTask, ModelState, SegmenterSource } from './session/segmenterPort.ts';
export { createSession, type SamSession } from './session/session.ts';
export type { Lesion, SessionEvent, SessionState, SliceResult } from './session/sessionState.ts';
export type { PromptPort } from './tools/promptPort.ts';
export { SamBoxTool } from './tools/SamBoxTool.ts';
export { SamPointNegativeTool, SamPointPositiveTool } from './tools/SamPointTool.ts';
export { redrawPreviews, SamPreviewTool } from './tools/SamPreviewTool.ts';
export { PropagationStrip } from './ui/PropagationStrip.tsx';
export { SamPanel } from './ui/SamPanel.tsx';
export { type WiredSam, wireSam } from './wiring.ts';

/** Segment Anything on the slices of the open series: a box, a preview, a propagation, an accepted lesion. */
export const samSegmentation: Extension = {
  id: 'sam-segmentation',
  contribute(config) {
    const backend = createBackendChoice(localStorage);
    const library = pageLibrary(config, backend);
    const { tools, commands, changes, session, activate } = wireSam(config, library, {
      backend,
      across: createRangeGesture,
      others: (viewer) => createOtherSeries(viewer, withRegistered),
    });
    const door = createModelsDoor(library);
    const panels = samPanels(session, door, backend);
    const doors = [manageModels(() => door.open.set(true)), chooseBackend];
    return {
      tools,
      commands: [...commands, ...doors],
      changes,
      panels,
      activate(host) {
        const stop = activate(host);
        const started = session();
        const unfollow = started === undefined ? undefined : followBackendChoice(host, started, backend);
        return () => {
          unfollow?.();
          stop();
        };
      },
    };
  },
};
