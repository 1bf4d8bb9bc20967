import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Authorization, Panel, StudySource } from '#extension-api';
import { dicomSeg } from '#extensions/dicom-seg';
import { dicomWeb } from '#extensions/dicomweb';
import {
  createOtherSeries,
  redrawPreviews,
  type SamSession,
  wireSam,
  withRegistered,
} from '#extensions/sam-segmentation';
import { createEmbeddedHost, type EmbeddedHost, listenToKeys, noticeText } from '../embed/createEmbeddedHost.ts';
import { noticePort, previewTool } from '../embed/createSamSession.ts';
import type { ModelPlaces } from '../embed/modelPlaces.ts';
import { readImagesBeside } from '../embed/series/readImagesBeside.ts';
import { followViewer } from './followViewer.ts';
import type { OhifEnvironment, OhifServices } from './ohif.ts';
import { ohifHome } from './ohifHome.ts';

/** VoxPrompt while an OHIF mode is open. */
export interface RunningPlugin {
  readonly embedded: EmbeddedHost;
  readonly session: SamSession;
  /** Runs a command of ours on what OHIF's active viewport shows now. */
  run(command: string): void;
  /** Dialogs. */
  readonly overlays: readonly Panel[];
  stop(): void;
}

/** Keys that mean something only while a lesion is in progress; the others are OHIF's, and bound there. */
const LESION_KEYS: ReadonlySet<string> = new Set(['Enter', 'Escape', 'Delete']);

export function startPlugin(ohif: OhifEnvironment, place: ModelPlaces): RunningPlugin {
  const { services } = ohif.servicesManager;
  const notices = noticePort((notice) => {
    const { title, detail } = noticeText(notice);
    services.uiNotificationService.show({ title: `VoxPrompt: ${title}`, message: detail, type: notice.kind });
  });
  const sam = wireSam(place, undefined, { others: (viewer) => createOtherSeries(viewer, withRegistered) });
  const saving = dicomSeg.contribute({ ...place, dicomWebRoot: '', archive: 'pacs', archiveLabel: 'PACS' });
  const source = archiveOf(ohif, place);
  const embedded: EmbeddedHost = createEmbeddedHost({
    config: place,
    commands: [...sam.commands, ...(saving.commands ?? [])],
    home: ohifHome(services, () => embedded.host.viewer.openSeries.getState()),
    notices,
    source: () => source,
    readBeside: (_, series, options = {}) => readImagesBeside(imagesOf(ohif, series), series, options),
    ...(saving.segmentationFormat === undefined ? {} : { format: saving.segmentationFormat }),
  });
  const following = followViewer(services, embedded);
  const ends = [
    sam.activate(embedded.host),
    saving.activate?.(embedded.host),
    embedded.labelmap.state.subscribe(redrawPreviews),
    embedded.tools.active.subscribe(() => refreshToolbar(services)),
    followToolGroups(services, (group) => embedded.tools.addTo(group, sam.tools, [previewTool(embedded.host)])),
    following.stop,
    listenToKeys(window, embedded.commands, LESION_KEYS),
  ];
  return {
    embedded,
    // There from `activate` on.
    session: sam.session()!,
    overlays: (saving.panels ?? []).filter(({ place: where }) => where === 'overlay'),
    run(command) {
      following.catchUp();
      embedded.host.runCommand(command);
    },
    stop() {
      for (const end of ends) end?.();
      embedded.dispose();
    },
  };
}

/** OHIF has the metadata of a whole study once it shows one of its series; image ids it makes when they are asked for. */
function imagesOf(
  { extensionManager, servicesManager }: OhifEnvironment,
  { seriesInstanceUID }: ImageSeries,
): readonly string[] {
  const sets = servicesManager.services.displaySetService.getActiveDisplaySets();
  const [source] = extensionManager.getActiveDataSource();
  for (const set of sets.filter((each) => each.SeriesInstanceUID === seriesInstanceUID)) {
    const images = set.imageIds ?? source?.getImageIdsForDisplaySet?.(set) ?? [];
    if (images.length > 0) return images;
  }
  return [];
}

/** The DICOMweb archive of OHIF's data source, where it is one; the reader is who OHIF says. */
function archiveOf(
  { extensionManager, servicesManager }: OhifEnvironment,
  place: ModelPlaces,
): StudySource | undefined {
  const config = extensionManager.getActiveDataSource()[0]?.getConfig?.();
  const dicomWebRoot = config?.wadoRoot ?? config?.qidoRoot;
  if (dicomWebRoot === undefined) return undefined;
  const { userAuthenticationService } = servicesManager.services;
  const authorization: Authorization = {
    header: async () => userAuthenticationService?.getAuthorizationHeader?.()?.Authorization,
    // OHIF signs in by itself; what it holds then is asked for again with the next request.
    renew: async () => false,
  };
  const archiveLabel = config?.friendlyName ?? 'PACS';
  const about = { ...place, dicomWebRoot, archive: 'pacs', archiveLabel } as const;
  return dicomWeb.contribute(about, { authorization }).sources?.[0];
}

/** Modes make their tool groups when they open, and again with other layouts. */
function followToolGroups({ toolGroupService }: OhifServices, add: (group: string) => void): () => void {
  const addAll = (): void => {
    for (const group of toolGroupService.getToolGroupIds()) add(group);
  };
  const { TOOLGROUP_CREATED, VIEWPORT_ADDED } = toolGroupService.EVENTS;
  const subscriptions = [TOOLGROUP_CREATED, VIEWPORT_ADDED].map((event) => toolGroupService.subscribe(event!, addAll));
  addAll();
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}

function refreshToolbar({ toolbarService, viewportGridService }: OhifServices): void {
  const viewportId = viewportGridService.getActiveViewportId();
  if (viewportId !== null) toolbarService.refreshToolbarState({ viewportId });
}
