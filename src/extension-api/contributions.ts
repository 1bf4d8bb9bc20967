import type { AuthConfig } from './authConfig.ts';
import type { ExtensionServices } from './authorization.ts';
import type { Host } from './host.ts';
import type { SegmentationFormat } from './segmentationFormat.ts';
import type { FileImporter, StudySource } from './source.ts';
import type { ReadableState } from './state.ts';

/** One record per user action: button, shortcut, palette and test all read it. */
export interface Command {
  /** 'sam.propagate': extension, dot, verb. */
  readonly id: string;
  readonly title: string;
  /** Keys as in KeyboardEvent.key, with Ctrl+ / Shift+ / Alt+ in that order: 'b', 'Enter', 'Ctrl+z'. */
  readonly shortcut?: string;
  /** Name of the tool that this command puts on the primary button: the toolbar shows the command in the tool's place. */
  readonly activates?: string;
  readonly group: 'view' | 'prompt' | 'propagate' | 'segment' | 'file' | 'help';
  /** Opens settings of its own: the settings dialog has a button for it, under this heading. */
  readonly inSettings?: string;
  readonly isEnabled: (host: Host) => boolean;
  /** What to tell a reader who asks for it while it cannot run; undefined where there is nothing to tell. */
  readonly whyNot?: (host: Host) => string | undefined;
  readonly run: (host: Host) => void | Promise<void>;
}

/** A React function component that is given the host; typed without React so that the API stays free of it. */
export type PanelComponent = (props: { readonly host: Host }) => unknown;

export interface Panel {
  readonly id: string;
  readonly title: string;
  /**
   * `side`: a section of the right side panel; `strip`: full width under the viewports; `overlay`: dialogs, always mounted;
   * `settings`: a row of the settings, its title before it.
   */
  readonly place: 'side' | 'strip' | 'overlay' | 'settings';
  readonly order: number;
  readonly component: PanelComponent;
}

/** A Cornerstone tool class with its `toolName`; the viewer registers it in its tool groups. */
export interface Tool {
  readonly toolName: string;
  readonly toolClass: unknown;
  readonly title: string;
  /** Configuration handed to Cornerstone's addTool. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** What an extension brings. */
export interface Contributions {
  readonly commands?: readonly Command[];
  readonly panels?: readonly Panel[];
  readonly tools?: readonly Tool[];
  readonly sources?: readonly StudySource[];
  readonly fileImporter?: FileImporter;
  readonly segmentationFormat?: SegmentationFormat;
  /** Changes whenever the extension's commands may have become available or the opposite: what the host shows of them follows. */
  readonly changes?: ReadableState<unknown>;
  /** Called when the host is complete; returns what undoes it. */
  readonly activate?: (host: Host) => () => void;
}

/** An extension's door: a function of the configuration, so that nothing happens at import. */
export interface Extension {
  readonly id: string;
  contribute(config: AppConfig, services?: ExtensionServices): Contributions;
}

/** `/config.json`, as the server gives it. */
export interface AppConfig {
  /** Same-origin DICOMweb root, '/dicom-web'. */
  readonly dicomWebRoot: string;
  /** 'embedded' or 'pacs': told to the reader. */
  readonly archive: 'embedded' | 'pacs';
  readonly archiveLabel: string;
  /** Where models/<id>/ is served, '/models/'. */
  readonly modelsRoot: string;
  /** The model that is prompted, by id. */
  readonly defaultModel: string;
  /** The volume model that propagates, by id; absent where the prompted model does it alone. */
  readonly propagationModel?: string;
  /** How the reader signs in to the archive; absent: not here. */
  readonly auth?: AuthConfig | undefined;
  /** An inference server that runs models instead of the browser. Pixels are sent there, and the reader is told `label`. */
  readonly inference?: { readonly url: string; readonly label: string };
  /** Origins besides this page's that the reader may add models from: what the Content-Security-Policy lets through. */
  readonly modelHosts?: readonly string[];
}
