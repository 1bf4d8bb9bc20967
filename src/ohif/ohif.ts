import type { HostLibraries } from './libraries.ts';

/** As much of OHIF 3.12 and 3.13 as the plugin touches. OHIF publishes no types; this is what its bundles do. */
export interface OhifEnvironment {
  readonly servicesManager: { readonly services: OhifServices };
  readonly commandsManager: { runCommand(name: string, options?: object): unknown };
  readonly extensionManager: OhifExtensionManager;
  /** `window.config`. */
  readonly appConfig?: { readonly voxprompt?: PluginConfiguration };
}

export interface PluginConfiguration {
  /** Address of a model's folder; the one beside the plugin by default. */
  readonly model?: string;
  /** The same of the volume model that propagates; null leaves that to `model`. */
  readonly propagation?: string | null;
}

export interface OhifExtensionManager {
  getModuleEntry(id: string): { readonly exports?: { getCornerstoneLibraries?: () => HostLibraries } } | undefined;
  getActiveDataSource(): readonly (DataSource | undefined)[];
}

export interface DataSource {
  /** Image ids of a series that may not be on the screen. */
  getImageIdsForDisplaySet?: (displaySet: DisplaySet) => readonly string[];
  getConfig?: () => { readonly qidoRoot?: string; readonly wadoRoot?: string; readonly friendlyName?: string };
}

interface PubSub {
  readonly EVENTS: Readonly<Record<string, string>>;
  subscribe(event: string, listener: () => void): { unsubscribe(): void };
}

export interface OhifServices {
  readonly toolbarService: {
    readonly sections?: Readonly<Record<string, string>>;
    readonly state: { readonly buttonSections: Readonly<Record<string, readonly string[] | undefined>> };
    register(buttons: readonly object[]): void;
    updateSection(section: string, buttons: readonly string[]): void;
    refreshToolbarState(options: { readonly viewportId: string }): void;
  };
  readonly panelService: {
    readonly PanelPosition: { readonly Right: string };
    addPanels(position: string, panelIds: readonly string[]): void;
  };
  readonly customizationService: { setCustomizations(customizations: object, scope?: string): void };
  readonly uiNotificationService: {
    show(notice: { title: string; message: string; type: string; duration?: number }): void;
  };
  readonly userAuthenticationService?: { getAuthorizationHeader?: () => Readonly<Record<string, string>> | undefined };
  readonly viewportGridService: PubSub & { getActiveViewportId(): string | null };
  readonly cornerstoneViewportService: PubSub & {
    getCornerstoneViewport(viewportId: string): { getImageIds?: () => readonly string[] } | undefined | null;
  };
  readonly toolGroupService: PubSub & { getToolGroupIds(): readonly string[] };
  readonly displaySetService: { getActiveDisplaySets(): readonly DisplaySet[] };
  readonly segmentationService: SegmentationService;
}

export interface DisplaySet {
  readonly SeriesInstanceUID: string;
  readonly imageIds?: readonly string[];
  readonly displaySetInstanceUID: string;
}

interface SegmentInOhif {
  readonly segmentIndex: number;
  readonly label: string;
}

export interface SegmentationService extends PubSub {
  createLabelmapForDisplaySet(displaySet: DisplaySet, options: object): Promise<string>;
  addSegmentationRepresentation(viewportId: string, options: { readonly segmentationId: string }): Promise<void>;
  getSegmentationRepresentations(viewportId: string, specifier: { readonly segmentationId: string }): readonly object[];
  getActiveSegmentation(viewportId: string): { readonly segmentationId: string } | undefined | null;
  getSegmentation(
    segmentationId: string,
  ): { readonly segments: Readonly<Record<string, SegmentInOhif | undefined>> } | undefined;
  addSegment(segmentationId: string, segment: object): void;
  setSegmentLabel(segmentationId: string, segmentIndex: number, label: string): void;
  getSegmentColor(viewportId: string, segmentationId: string, segmentIndex: number): readonly number[] | undefined;
  setSegmentColor(viewportId: string, segmentationId: string, segmentIndex: number, color: readonly number[]): void;
  setSegmentVisibility(viewportId: string, segmentationId: string, segmentIndex: number, visible: boolean): void;
}
