import type { AppError } from '#core/errors.ts';
import { emptyLabelmap, type Labelmap } from '#core/labelmap/labelmap.ts';
import type { Result } from '#core/result.ts';
import { ok } from '#core/result.ts';
import type {
  Command,
  Host,
  Notice,
  NoticePort,
  OpenSeries,
  SegmentationFormat,
  StudySource,
  ViewerPort,
} from '#extension-api';
import { type CommandRegistry, createCommandRegistry } from '../app/commands/createCommandRegistry.ts';
import { listenToShortcuts } from '../app/commands/listenToShortcuts.ts';
import { type AppLabelmap, createLabelmapPort } from '../app/labelmap/createLabelmapPort.ts';
import { writableState } from '../viewer/state.ts';
import { mirrorLabelmap } from './labelmap/mirrorLabelmap.ts';
import type { HeldSegmentation, SegmentationHome } from './labelmap/segmentationHome.ts';
import type { ModelPlaces } from './modelPlaces.ts';
import { createPrimaryTools, type PrimaryTools } from './primaryTools.ts';
import { imageValues } from './series/imageValues.ts';
import { type HeaderOfImage, type ImagesInOrder, seriesOfImages } from './series/seriesOfImages.ts';
import { createSeriesViewports } from './viewports.ts';

export interface EmbeddedHostSetup {
  readonly config: ModelPlaces;
  readonly commands: readonly Command[];
  readonly home: SegmentationHome;
  readonly notices: NoticePort;
  readonly source?: () => StudySource | undefined;
  readonly format?: SegmentationFormat;
  /** Other series of the open study, where the host has them. */
  readonly readBeside?: NonNullable<ViewerPort['readBeside']>;
}

/** VoxPrompt's extension API over somebody else's Cornerstone3D: its viewports, its tool groups, its segmentations. */
export interface EmbeddedHost {
  readonly host: Host;
  readonly labelmap: AppLabelmap;
  readonly commands: CommandRegistry;
  readonly tools: PrimaryTools;
  readonly held: () => HeldSegmentation | undefined;
  /** The host shows another series; the labelmap starts anew. Errors of {@link seriesOfImages}. */
  open(imageIds: readonly string[], headerOfImage?: HeaderOfImage): Result<ImagesInOrder>;
  /** Goes on with a segmentation that the host has already. @param known what was known of its segments before */
  adopt(segmentation: HeldSegmentation, known?: Labelmap): void;
  close(): void;
  dispose(): void;
}

export function createEmbeddedHost(setup: EmbeddedHostSetup): EmbeddedHost {
  const { notices } = setup;
  const openSeries = writableState<OpenSeries | undefined>(undefined);
  const viewports = createSeriesViewports();
  const tools = createPrimaryTools();
  const labelmap = createLabelmapPort(({ label }) => notices.show({ kind: 'warning', title: `${label} is locked.` }));
  const mirror = mirrorLabelmap(labelmap, setup.home, viewports.shown);

  const host: Host = {
    config: { dicomWebRoot: '', archive: 'pacs', archiveLabel: 'PACS', ...setup.config },
    viewer: {
      openSeries,
      currentSlice: viewports.currentSlice,
      displayWindow: writableState(undefined),
      activeTool: tools.active,
      activateTool: tools.activate,
      goToSlice: viewports.goToSlice,
      async slicePixels(k, options) {
        const open = openSeries.getState();
        const imageId = open?.imageIds[k];
        if (open === undefined || imageId === undefined) throw new Error(`There is no slice ${k}`);
        return imageValues(imageId, k, open.series.frames[k]!.lut, options);
      },
      ...(setup.readBeside === undefined ? {} : { readBeside: setup.readBeside }),
      sliceOfImageId(imageId) {
        const k = openSeries.getState()?.imageIds.indexOf(imageId) ?? -1;
        return k < 0 ? undefined : k;
      },
    },
    labelmap,
    notices,
    get sources() {
      const source = setup.source?.();
      return source === undefined ? [] : [source];
    },
    fileImporter: undefined,
    segmentationFormat: setup.format,
    runCommand: (id) => registry.run(id),
    refreshStudy: () => undefined,
  };
  const registry = createCommandRegistry({
    own: [],
    contributed: setup.commands,
    host: () => host,
    notices,
    forbidden: () => undefined,
  });

  function close(): void {
    openSeries.set(undefined);
    mirror.reset();
    setup.home.leave();
    labelmap.replace(emptyLabelmap({ columns: 0, rows: 0, slices: 0 }));
  }

  return {
    host,
    labelmap,
    commands: registry,
    tools,
    held: mirror.held,
    open(imageIds, headerOfImage) {
      const images = seriesOfImages(imageIds, headerOfImage);
      if (!images.ok) return images;
      close();
      const { series, imageIds: inOrder } = images.value;
      const { columns, rows } = series.stack.planes[0]!;
      labelmap.replace(emptyLabelmap({ columns, rows, slices: inOrder.length }));
      viewports.follow(series.stack, inOrder);
      openSeries.set({ series, imageIds: inOrder, source: setup.source?.() ?? NO_SOURCE });
      return ok(images.value);
    },
    adopt: mirror.adopt,
    close,
    dispose() {
      close();
      mirror.dispose();
      viewports.dispose();
      tools.dispose();
    },
  };
}

/** A host that has its images from wherever it likes; nothing is asked of it. */
const NO_SOURCE: StudySource = {
  id: 'host',
  label: 'The viewer',
  canStore: false,
  searchStudies: () => Promise.resolve(ok([])),
  listSeries: () => Promise.resolve(ok([])),
  seriesHeaders: () => Promise.resolve(ok([])),
  pixels: () => {
    throw new Error('The host loads its own pixels');
  },
  retrieve: () => Promise.reject(new Error('The host has no archive')),
  store: () => Promise.reject(new Error('The host has no archive')),
};

/**
 * Our keys on a page that has keys of its own: one is ours only while its command can run.
 * @param keys where only some are wanted, as commands write them
 */
export const listenToKeys = (target: Window, commands: CommandRegistry, keys?: ReadonlySet<string>): (() => void) =>
  listenToShortcuts(target, {
    ...commands,
    withShortcut(shortcut) {
      if (keys?.has(shortcut) === false) return undefined;
      const command = commands.withShortcut(shortcut);
      return command !== undefined && commands.availability(command).available ? command : undefined;
    },
  });

/** What to tell where a host shows notices as plain text. */
export function noticeText(notice: Notice): { readonly title: string; readonly detail: string } {
  if (notice.kind === 'error') return { title: notice.error.message, detail: detailOf(notice.error) };
  return { title: notice.title, detail: notice.detail ?? '' };
}

const detailOf = ({ remedy, cause }: AppError): string =>
  [cause, remedy].filter((line) => line !== undefined).join(' ');
