/**
 * VoxPrompt as an OHIF extension: one ES module that OHIF loads at run time, named in `window.config.extensions`. The module does
 * nothing when it is loaded; all else is evaluated when a mode opens, on OHIF's own Cornerstone.
 */

import { modelPlaces } from '../embed/modelPlaces.ts';
import { setHostLibraries } from './libraries.ts';
import type { OhifEnvironment, OhifServices } from './ohif.ts';
import { panelComponent } from './panelComponent.ts';
import type { RunningPlugin } from './start.ts';

const ID = '@voxprompt/extension-ohif';
const PANEL = `${ID}.panelModule.voxprompt`;
const LIBRARIES = '@ohif/extension-cornerstone.utilityModule.common';

let environment: OhifEnvironment | undefined;
let running: Promise<RunningPlugin> | undefined;

/** OHIF's commands, by name, and ours; keys are OHIF's own, so that its preferences list and change them. */
const COMMANDS = [
  { name: 'voxpromptBox', command: 'sam.box', label: 'VoxPrompt: box', keys: ['shift+b'] },
  {
    name: 'voxpromptPointInside',
    command: 'sam.pointInside',
    label: 'VoxPrompt: point on the lesion',
    keys: ['shift+i'],
  },
  {
    name: 'voxpromptPointOutside',
    command: 'sam.pointOutside',
    label: 'VoxPrompt: point beside it',
    keys: ['shift+o'],
  },
  { name: 'voxpromptPropagate', command: 'sam.propagate', label: 'VoxPrompt: propagate', keys: ['shift+p'] },
  { name: 'voxpromptAccept', command: 'sam.accept', label: 'VoxPrompt: accept', keys: ['shift+a'] },
  { name: 'voxpromptSave', command: 'seg.save', label: 'VoxPrompt: save as DICOM SEG', keys: ['shift+s'] },
] as const;

export default {
  id: ID,
  version: VOXPROMPT_VERSION,
  preRegistration(given: OhifEnvironment): void {
    environment = given;
  },
  getCommandsModule: () => ({
    defaultContext: 'DEFAULT',
    definitions: Object.fromEntries(
      COMMANDS.map(({ name, command }) => [
        name,
        { commandFn: () => void running?.then((plugin) => plugin.run(command)) },
      ]),
    ),
  }),
  getPanelModule: () => [
    {
      name: 'voxprompt',
      iconName: 'tab-segmentation',
      iconLabel: 'VoxPrompt',
      label: 'VoxPrompt',
      component: panelComponent(async () => {
        const [{ mountPanel }, plugin] = await Promise.all([import('./mountPanel.tsx'), running]);
        return plugin === undefined ? undefined : (element) => mountPanel(element, plugin);
      }),
    },
  ],
  onModeEnter({ servicesManager, extensionManager }: OhifEnvironment): void {
    const { services } = servicesManager;
    const libraries = extensionManager.getModuleEntry(LIBRARIES)?.exports?.getCornerstoneLibraries?.();
    if (environment === undefined || libraries === undefined) {
      const message = 'This OHIF does not hand over its Cornerstone libraries; it must be 3.11 or newer.';
      services.uiNotificationService.show({ title: 'VoxPrompt', message, type: 'error' });
      return;
    }
    setHostLibraries(libraries);
    const started = { ...environment, servicesManager, extensionManager };
    const { model = './models/litemedsam', propagation = './models/voxprompt-volume' } =
      environment.appConfig?.voxprompt ?? {};
    // Beside the plugin, whatever OHIF's own address is.
    const at = (folder: string): string => new URL(folder, import.meta.url).href;
    const places = modelPlaces(at(model), propagation === null ? undefined : at(propagation));
    running = import('./start.ts').then(({ startPlugin }) => startPlugin(started, places));
    addToScreen(services);
  },
  onModeExit(): void {
    void running?.then((plugin) => plugin.stop());
    running = undefined;
  },
};

/** Button, panel and keys in whatever mode is opening, after it has filled its own places. */
function addToScreen({ toolbarService, panelService, customizationService }: OhifServices): void {
  customizationService.setCustomizations(
    {
      'ohif.hotkeyBindings': {
        $push: COMMANDS.map(({ name, label, keys }) => ({
          commandName: name,
          label,
          keys: [...keys],
          isEditable: true,
        })),
      },
    },
    'mode',
  );
  toolbarService.register([
    {
      id: 'SamBox',
      uiType: 'ohif.toolButton',
      props: {
        type: 'tool',
        icon: 'tab-segmentation',
        label: 'VoxPrompt',
        tooltip: 'Box on a lesion: VoxPrompt segments it (Shift+B)',
        commands: [{ commandName: 'voxpromptBox' }],
        evaluate: 'evaluate.cornerstoneTool',
      },
    },
  ]);
  setTimeout(() => {
    const section = toolbarService.sections?.primary ?? 'primary';
    const present = toolbarService.state.buttonSections[section] ?? [];
    if (!present.includes('SamBox')) toolbarService.updateSection(section, [...present, 'SamBox']);
    panelService.addPanels(panelService.PanelPosition.Right, [PANEL]);
  }, 0);
}

declare const VOXPROMPT_VERSION: string;
