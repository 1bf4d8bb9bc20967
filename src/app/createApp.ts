import type { AppConfig, Extension, Host, Panel, ReadableState, Tool } from '#extension-api';
import { VIEW_TOOLS, type Viewer } from '#viewer';
import type { Autosave } from './autosave/autosave.ts';
import { createAutosave } from './autosave/createAutosave.ts';
import { keptText } from './autosave/keptText.ts';
import { createRecentStudies, type RecentStudies } from './browser/createRecentStudies.ts';
import { createStudyBrowser, type StudyBrowser } from './browser/createStudyBrowser.ts';
import { createThumbnails, type Thumbnails } from './browser/createThumbnails.ts';
import { rememberOpened } from './browser/rememberOpened.ts';
import { cell } from './cell.ts';
import { type CommandRegistry, createCommandRegistry } from './commands/createCommandRegistry.ts';
import { editCommands } from './commands/editCommands.ts';
import { listenToShortcuts } from './commands/listenToShortcuts.ts';
import { paneCommands } from './commands/paneCommands.ts';
import { reasonAgainst } from './commands/reasonAgainst.ts';
import { SEGMENT_COMMANDS } from './commands/segmentCommands.ts';
import { shellCommands } from './commands/shellCommands.ts';
import { viewCommands } from './commands/viewCommands.ts';
import { createFileDrop, type FileDrop } from './drop/createFileDrop.ts';
import { type AppLabelmap, createLabelmapPort } from './labelmap/createLabelmapPort.ts';
import { type AppNotices, createNotices } from './notices/createNotices.ts';
import { reportStrayFailures } from './notices/reportStrayFailures.ts';
import { createOutbox } from './outbox/createOutbox.ts';
import type { Outbox } from './outbox/outbox.ts';
import { type Calipers, createCalipers } from './segments/createCalipers.ts';
import { createRecentMeanings, type RecentMeanings } from './segments/recentMeanings.ts';
import { createPairing, type Pairing } from './series/createPairing.ts';
import { createSeriesSession, type SeriesSession } from './series/createSeriesSession.ts';
import { patientBanner } from './series/patient.ts';
import { askInShell } from './series/placeSegmentation.ts';
import { createSettings, newSegmentMeaning, type SettingsStore } from './settings/createSettings.ts';
import { rememberLayout } from './settings/rememberLayout.ts';
import { createShell, type Shell } from './shell/createShell.ts';
import { guardUnsavedWork } from './shell/guardUnsavedWork.ts';
import { createSignIn, type SignIn } from './signIn/createSignIn.ts';
import { followSignIn, oidcOf } from './signIn/followSignIn.ts';
import { text } from './text.ts';
import { browserStorage } from './vault/browserStorage.ts';
import { tidy } from './vault/tidy.ts';
import { createKeyboardPointer, type KeyboardPointer } from './viewport/createKeyboardPointer.ts';

/** The whole application without its screen. */
export interface App {
  readonly host: Host;
  readonly viewer: Viewer;
  readonly labelmap: AppLabelmap;
  readonly notices: AppNotices;
  readonly commands: CommandRegistry;
  /** Changes whenever an extension's commands may have become available or the opposite. */
  readonly changes: ReadableState<number>;
  readonly panels: readonly Panel[];
  readonly tools: readonly Tool[];
  readonly browser: StudyBrowser;
  readonly recent: RecentStudies;
  readonly thumbnails: Thumbnails;
  readonly session: SeriesSession;
  readonly pairing: Pairing;
  readonly files: FileDrop;
  readonly settings: SettingsStore;
  readonly shell: Shell;
  /** Both are absent where this browser keeps nothing (no secure context). */
  readonly autosave: Autosave | undefined;
  readonly outbox: Outbox | undefined;
  readonly pointer: KeyboardPointer;
  readonly calipers: Calipers;
  readonly recentMeanings: RecentMeanings;
  /** Absent where the installation asks for no sign-in. */
  readonly signIn: SignIn | undefined;
  dispose(): void;
}

/** Builds the host from the configuration, the extensions and the viewer, and starts the extensions. */
export function createApp(config: AppConfig, extensions: readonly Extension[], viewer: Viewer): App {
  const signIn = config.auth && createSignIn(config.auth.kind, oidcOf(config.auth));
  const contributions = extensions.map((extension) =>
    extension.contribute(config, { authorization: signIn?.authorization }),
  );
  const tools = contributions.flatMap((entry) => entry.tools ?? []);
  const panels = contributions.flatMap((entry) => entry.panels ?? []).sort((a, b) => a.order - b.order);

  const notices = createNotices();
  const shell = createShell();
  const changes = cell(0);
  const settings = createSettings(localStorage);
  const labelmap = createLabelmapPort(
    ({ label }) =>
      notices.show({ kind: 'warning', title: text.segments.isLocked(label), detail: text.segments.lockedDetail }),
    () => newSegmentMeaning(settings.state.getState()),
  );
  const calipers = createCalipers(labelmap.state, viewer.openSeries);
  const recentMeanings = createRecentMeanings(localStorage);
  const browser = createStudyBrowser(contributions.flatMap((entry) => entry.sources ?? []));
  const storage = browserStorage();
  const retention = {
    getState: () => settings.state.getState().retention,
    subscribe: (listener: () => void) => settings.state.subscribe(listener),
  };
  const autosave =
    storage && createAutosave({ ...storage, labelmap, notices, retention, openSeries: viewer.openSeries });
  const outbox =
    storage &&
    createOutbox({
      ...storage,
      notices,
      sources: () => host.sources,
      format: () => host.segmentationFormat,
      patient: () => patientBanner(viewer.openSeries.getState()?.series.frames[0]?.dataset ?? {}).name ?? '',
      onProved: () => host.refreshStudy(),
    });
  if (storage !== undefined) void tidy(storage, retention.getState(), Date.now()).then(() => autosave?.refresh());
  const recent = createRecentStudies(sessionStorage);
  const host: Host = {
    config,
    drafts: autosave,
    outbox,
    viewer,
    labelmap,
    notices,
    get sources() {
      return browser.sources();
    },
    fileImporter: contributions.find((entry) => entry.fileImporter)?.fileImporter,
    segmentationFormat: contributions.find((entry) => entry.segmentationFormat)?.segmentationFormat,
    runCommand: (id) => commands.run(id),
    refreshStudy: () => void browser.refresh(),
  };
  const session = createSeriesSession({
    viewer,
    labelmap,
    notices,
    format: () => host.segmentationFormat,
    askChoice: askInShell(shell),
    mayLeave: async () => {
      if (!labelmap.unsaved.getState()) return true;
      await autosave?.settled();
      return shell.ask(autosave?.state.getState().kind === 'kept' ? keptText.leave : { ...text.leave, loses: true });
    },
  });
  const pairing = createPairing({ viewer, session, notices });
  const files = createFileDrop({
    importer: () => host.fileImporter,
    notices,
    onSource: async (source) => {
      const studies = await browser.addSource(source);
      const first = studies[0];
      shell.change({ browserOpen: true });
      if (first !== undefined) void browser.openStudy({ source, studyInstanceUID: first.studyInstanceUID });
      return studies.length;
    },
  });
  const pointer = createKeyboardPointer({
    draws: () =>
      viewer.openSeries.getState() !== undefined &&
      viewer.promptsHere.getState() &&
      !VIEW_TOOLS.has(viewer.activeTool.getState()),
    pixelSize: () => {
      const spacing = viewer.openSeries.getState()?.series.stack.planes[viewer.currentSlice.getState()]?.columnSpacing;
      return (spacing ?? 1) / viewer.slotInfo(viewer.activeSlot.getState()).getState().millimetresPerPixel;
    },
    onShown: () => notices.show({ kind: 'info', title: text.pointer.title, detail: text.pointer.detail }),
  });
  const commands = createCommandRegistry({
    own: [
      // Before the ones of scrolling: in the 3D view the arrows turn it.
      ...paneCommands(viewer, pairing),
      ...viewCommands(viewer),
      ...SEGMENT_COMMANDS,
      ...editCommands(viewer, pointer),
      ...shellCommands(shell, files),
    ],
    contributed: contributions.flatMap((entry) => entry.commands ?? []),
    host: () => host,
    notices,
    forbidden: (command) => reasonAgainst(command, viewer),
  });

  viewer.registerTools(tools);
  const applySettings = (): void => {
    document.documentElement.dataset.theme = settings.state.getState().theme;
    viewer.setOverlayOpacity(settings.state.getState().overlayOpacity);
    viewer.setOwnPresets(settings.state.getState().presets);
    viewer.setFramesPerSecond(settings.state.getState().framesPerSecond);
  };
  applySettings();
  const ends = [
    viewer.showLabelmap(labelmap.state),
    viewer.showCalipers(calipers.state),
    () => calipers.dispose(),
    settings.state.subscribe(applySettings),
    ...contributions.flatMap((entry) => entry.changes?.subscribe(() => changes.set(changes.getState() + 1)) ?? []),
    rememberOpened(viewer, recent),
    guardUnsavedWork(window, labelmap.unsaved),
    reportStrayFailures(notices),
    // Before the extensions and the commands: while it is shown, arrows and Space are its own.
    pointer.listen(window),
    // It would go on moving over a pane that the reader has left.
    viewer.promptsHere.subscribe(() => pointer.hide()),
    () => pairing.dispose(),
    () => session.dispose(),
    rememberLayout(viewer, settings.state.getState().layout, sessionStorage),
    followSignIn(signIn, storage?.vault, () => {
      void autosave?.refresh();
      void outbox?.refresh();
    }),
    () => autosave?.dispose(),
    () => outbox?.dispose(),
    ...contributions.flatMap((entry) => (entry.activate === undefined ? [] : [entry.activate(host)])),
    // After the extensions, whose own gestures (moving a box by arrow keys) come before commands.
    listenToShortcuts(window, commands),
  ];
  const dispose = (): void => {
    for (const end of ends.reverse()) end();
  };
  return {
    host,
    viewer,
    labelmap,
    notices,
    commands,
    changes,
    panels,
    tools,
    browser,
    recent,
    thumbnails: createThumbnails(viewer),
    session,
    pairing,
    files,
    settings,
    shell,
    autosave,
    outbox,
    pointer,
    calipers,
    recentMeanings,
    signIn,
    dispose,
  };
}
