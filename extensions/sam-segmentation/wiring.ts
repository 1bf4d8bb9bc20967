import type { AppConfig, Command, Host, ReadableState, Tool } from '#extension-api';
import { loadBrowserModel } from './inference/browserModel.ts';
import type { ModelLibrary } from './library/modelLibrary.ts';
import { announceProgress } from './session/announceProgress.ts';
import type { BackendChoice } from './session/backendChoice.ts';
import { bringPlanesToBox } from './session/bringPlanes.ts';
import { samCommands } from './session/commands.ts';
import { keepPrompts } from './session/keepPrompts.ts';
import { createModelSource } from './session/modelSource.ts';
import type { OtherSeriesSource } from './session/otherSeries.ts';
import { prefetchAtRest } from './session/prefetch.ts';
import type { SegmenterSource } from './session/segmenterPort.ts';
import { createSession, type SamSession } from './session/session.ts';
import { isSamTool } from './session/toolNames.ts';
import { writableState } from './session/writableState.ts';
import { text } from './text.ts';
import { listenToBoxKeys } from './tools/boxKeys.ts';
import { connectedTools } from './tools/connectTools.ts';

/** Everything of the extension but its screen: a host without React uses this, and the extension adds its panels. */
export interface WiredSam {
  readonly tools: readonly Tool[];
  readonly commands: readonly Command[];
  /** Follows the session. */
  readonly changes: ReadableState<number>;
  /** Exists from `activate` on. */
  session(): SamSession | undefined;
  activate(host: Host): () => void;
}

/** Who decides which model is prompted: a host with a library of them; the configured one where there is none. */
export type ChosenModel = Pick<ModelLibrary, 'chosen' | 'chosenUrl' | 'gone'>;

/** What only a host of our own brings: others need not load it. */
export interface SamParts {
  readonly backend?: Pick<BackendChoice, 'starting'>;
  readonly across?: Parameters<typeof connectedTools>[0];
  /** Other series of the study have a say. */
  readonly others?: (viewer: Host['viewer']) => OtherSeriesSource;
}

export function wireSam(
  {
    modelsRoot,
    defaultModel,
    propagationModel,
    inference,
  }: Pick<AppConfig, 'modelsRoot' | 'defaultModel' | 'propagationModel' | 'inference'>,
  choice?: ChosenModel,
  { backend, across, others }: SamParts = {},
): WiredSam {
  let session: SamSession | undefined;
  const tools = connectedTools(across);
  const changes = writableState(0);
  const manifestUrl = `${modelsRoot}${defaultModel}/manifest.json`;
  const volumeUrl =
    propagationModel === undefined
      ? undefined
      : new URL(`${modelsRoot}${propagationModel}/manifest.json`, document.baseURI).href;

  return {
    tools: tools.tools,
    commands: samCommands(() => session),
    changes,
    session: () => session,
    activate(host) {
      const model = createModelSource(
        async (options) =>
          loadBrowserModel((await choice?.chosenUrl()) ?? manifestUrl, {
            ...options,
            remote: inference,
            skip: backend?.starting(),
          }),
        host.viewer,
        volumeUrl,
        inference?.label,
        others?.(host.viewer),
      );
      const started = createSession(host, model);
      session = started;
      const ends = [
        started.state.subscribe(() => changes.set(changes.getState() + 1)),
        tools.connect(host, started),
        prefetchAtRest(host, started),
        announceProgress(host, started),
        keepPrompts(host, started),
        listenToBoxKeys(window, host, started),
        bringPlanesToBox(host, started),
        choice?.chosen.subscribe(() => followChoice(host, model)) ?? (() => undefined),
        choice?.gone.subscribe(() => {
          const id = choice.gone.getState();
          if (id !== undefined) host.notices.show({ kind: 'warning', ...text.model.gone(id) });
        }) ?? (() => undefined),
        () => started.dispose(),
      ];
      return () => {
        for (const end of ends) end();
        session = undefined;
      };
    },
  };
}

/** The chosen model comes in the old one's place; at once where a prompt tool is in the hand. */
function followChoice(host: Host, model: SegmenterSource): void {
  model.replace();
  if (isSamTool(host.viewer.activeTool.getState())) void model.get();
}
