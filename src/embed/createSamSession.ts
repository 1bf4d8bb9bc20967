import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import type { Result } from '#core/result.ts';
import { ok } from '#core/result.ts';
import type { Host, Notice, NoticePort, Tool } from '#extension-api';
import { redrawPreviews, SamPreviewTool, type SamSession, wireSam } from '#extensions/sam-segmentation';
import { createEmbeddedHost, listenToKeys } from './createEmbeddedHost.ts';
import { cornerstoneHome } from './labelmap/cornerstoneHome.ts';
import { modelPlaces } from './modelPlaces.ts';
import type { HeaderOfImage } from './series/seriesOfImages.ts';

export interface SamOptions {
  /** Image ids of the series, in any order, with their metadata registered. May be given later, with `open`. */
  readonly imageIds?: readonly string[];
  /** Address of a model's folder, the one with its manifest.json: '/models/litemedsam'. */
  readonly model: string;
  /**
   * Address of a volume model's folder: '/models/voxprompt-volume'. It makes the other slices and both ends in one run; without
   * it `model` does so, slice by slice.
   */
  readonly propagation?: string;
  /** Name of the segmentation in Cornerstone's state; default 'voxprompt'. */
  readonly segmentationId?: string;
  /** DICOM JSON headers, where the host has them; else they are made from Cornerstone's metadata. */
  readonly headerOfImage?: HeaderOfImage;
  /** Whether VoxPrompt's keys work on the page (b, Enter, Escape...), each only while its command can run; default true. */
  readonly keys?: boolean;
  /** Errors, warnings and hints, for the host to show; by default they go to the console. */
  readonly onNotice?: (notice: Notice) => void;
}

/** SAM in somebody else's Cornerstone3D viewer. */
export interface EmbeddedSam {
  readonly host: Host;
  readonly session: SamSession;
  readonly segmentationId: string;
  /** The open series, as `voxprompt/dicom-seg` wants it. */
  readonly series: ImageSeries | undefined;
  /** What has been accepted so far. */
  readonly labelmap: Labelmap;
  /** Adds the tools to a group of the host: box, points, preview. The box gets the primary button. */
  addTo(group: { readonly id: string }): void;
  /** Runs a command where it can run now: 'sam.box', 'sam.propagate', 'sam.accept'... */
  run(command: string): void;
  /** Another series, with a labelmap of its own: encode before what was accepted on the one that is open. */
  open(imageIds: readonly string[]): Result<ImageSeries>;
  dispose(): void;
}

/**
 * Cornerstone3D must have been started, and the images' metadata be registered. The models are loaded when the box tool is first
 * used; inference runs in a worker, on WebGPU or WebAssembly.
 */
export function createSamSession(options: SamOptions): EmbeddedSam {
  const { segmentationId = 'voxprompt', headerOfImage } = options;
  const notices = noticePort(options.onNotice ?? tellConsole);
  const config = modelPlaces(options.model, options.propagation);
  const sam = wireSam(config);
  const home = cornerstoneHome(segmentationId, () => embedded.host.viewer.openSeries.getState()?.imageIds ?? []);
  const embedded = createEmbeddedHost({
    config,
    commands: sam.commands,
    home,
    notices,
  });
  const deactivate = sam.activate(embedded.host);
  const stopDrawing = embedded.labelmap.state.subscribe(redrawPreviews);
  const stopKeys = options.keys === false ? undefined : listenToKeys(window, embedded.commands);

  const open = (imageIds: readonly string[]): Result<ImageSeries> => {
    const images = embedded.open(imageIds, headerOfImage);
    if (!images.ok) notices.show({ kind: 'error', error: images.error });
    return images.ok ? ok(images.value.series) : images;
  };
  if (options.imageIds !== undefined) open(options.imageIds);

  return {
    host: embedded.host,
    // There from `activate` on.
    session: sam.session()!,
    segmentationId,
    get series() {
      return embedded.host.viewer.openSeries.getState()?.series;
    },
    get labelmap() {
      return embedded.labelmap.state.getState().journal.labelmap;
    },
    addTo({ id }) {
      embedded.tools.addTo(id, sam.tools, [previewTool(embedded.host)]);
      embedded.tools.activate(sam.tools[0]!.toolName);
    },
    run: embedded.host.runCommand,
    open,
    dispose() {
      stopKeys?.();
      stopDrawing();
      deactivate();
      embedded.dispose();
    },
  };
}

/** The preview of a host: drawn by a tool of its own. */
export function previewTool({ viewer, labelmap }: Host): Tool {
  return {
    toolName: SamPreviewTool.toolName,
    toolClass: SamPreviewTool,
    title: 'SAM preview',
    configuration: {
      preview: () => {
        const open = viewer.openSeries.getState();
        const { preview } = labelmap.state.getState();
        return open === undefined || preview === undefined ? undefined : { stack: open.series.stack, preview };
      },
    },
  };
}

/** Notices for a host; announcements for screen readers go into a live region of our own. */
export function noticePort(show: (notice: Notice) => void): NoticePort {
  let region: HTMLElement | undefined;
  return {
    show,
    announce(text) {
      if (region === undefined) {
        region = document.createElement('div');
        region.setAttribute('aria-live', 'polite');
        region.style.cssText = 'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)';
        document.body.append(region);
      }
      region.textContent = text;
    },
  };
}

function tellConsole(notice: Notice): void {
  if (notice.kind === 'error') console.error(`VoxPrompt: ${notice.error.message}`, notice.error.remedy ?? '');
  else if (notice.kind === 'warning') console.warn(`VoxPrompt: ${notice.title}`, notice.detail ?? '');
}
