import { expect, vi } from 'vitest';
import { patientPoint } from '#core/geometry/coordinates.ts';
import { stackOf } from '#core/geometry/stack.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import { ok } from '#core/result.ts';
import type { Host, Notice, OpenSeries } from '#extension-api';
import type { VolumeModel } from '../../../extensions/sam-segmentation/inference/volumeModel.ts';
import { brightnessModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightnessModel.ts';
import { spherePhantom } from '../../../extensions/sam-segmentation/segmenter/testing/spherePhantom.ts';
import { createModelSource, type ReportingModel } from '../../../extensions/sam-segmentation/session/modelSource.ts';
import { createSession } from '../../../extensions/sam-segmentation/session/session.ts';
import type { SessionEvent } from '../../../extensions/sam-segmentation/session/sessionState.ts';
import { writableState } from '../../../extensions/sam-segmentation/session/writableState.ts';
import { createLabelmapPort } from '../../../src/app/labelmap/createLabelmapPort.ts';

export const SIZE = { columns: 64, rows: 64, slices: 21 };
const phantom = spherePhantom({ ...SIZE, centre: [31, 30, 10], radius: 8 });
/** Around the sphere's largest slice, drawn from the bottom right. */
export const box = { x0: 23, y0: 22, x1: 39, y1: 38 };

/** An open series of the phantom; `gapAfter` leaves slices out there, `twice` puts two slices on one position. */
export function openPhantom({ gapAfter, twice = false }: { gapAfter?: number; twice?: boolean } = {}): OpenSeries {
  const planes = Array.from({ length: SIZE.slices }, (_, k) => ({
    rows: SIZE.rows,
    columns: SIZE.columns,
    rowSpacing: 1,
    columnSpacing: 1,
    position: patientPoint(0, 0, twice ? k >> 1 : k + (gapAfter !== undefined && k > gapAfter ? 3 : 0)),
    rowDirection: [1, 0, 0] as const,
    columnDirection: [0, 1, 0] as const,
  }));
  const frames = planes.map((_, k) => ({
    sopInstanceUID: `1.${k}`,
    sopClassUID: '1.2',
    frameNumber: undefined,
    lut: { slope: 1, intercept: 0 },
    dataset: {},
  }));
  const series = {
    studyInstanceUID: '1',
    seriesInstanceUID: '1.1',
    frameOfReferenceUID: '1.2',
    modality: 'MR',
    frames,
    stack: stackOf(planes),
  };
  return { series, source: undefined as never, imageIds: frames.map(({ sopInstanceUID }) => sopInstanceUID) };
}

const report = { backend: 'wasm', threads: 2, attempts: [], selfCheckKey: 'k' } as const;

/** A session on the phantom, with the shell's own labelmap and a model that finds what is bright; with a volume model where one is given. */
export function setUp(
  options: Parameters<typeof openPhantom>[0] & { readonly model?: ReportingModel; readonly volume?: VolumeModel } = {},
) {
  const openSeries = writableState<OpenSeries | undefined>(openPhantom(options));
  const currentSlice = writableState(10);
  const activeTool = writableState('WindowLevel');
  const labelmap = createLabelmapPort(() => {});
  labelmap.replace(emptyLabelmap(SIZE));
  const notices: Notice[] = [];
  const told: string[] = [];
  const host: Host = {
    viewer: {
      openSeries,
      currentSlice,
      activeTool,
      displayWindow: writableState(undefined),
      goToSlice: (k: number) => currentSlice.set(k),
      activateTool: (name: string) => activeTool.set(name),
      slicePixels: (k: number) => phantom.slice(k),
      sliceOfImageId: () => undefined,
    },
    labelmap,
    notices: { show: (notice: Notice) => notices.push(notice), announce: (text: string) => told.push(text) },
    sources: [],
    fileImporter: undefined,
    segmentationFormat: undefined,
    config: undefined as never,
    runCommand: () => {},
    refreshStudy: () => {},
  };
  const bright = brightnessModel();
  const model: ReportingModel = options.model ?? Object.assign(bright, { report });
  const { volume } = options;
  const loaded =
    volume === undefined
      ? model
      : Object.assign(Object.create(model), { loadVolume: async () => ok({ ...volume, report }) });
  const source = createModelSource(async () => ok(loaded), host.viewer, volume && 'models/volume/manifest.json');
  const session = createSession(host, source);
  const settled = (phase: string): Promise<void> =>
    vi.waitFor(() => expect(session.state.getState().lesion.phase).toBe(phase), { timeout: 5000, interval: 5 });
  const ready = (k: number): Promise<void> =>
    vi.waitFor(() => {
      const { lesion } = session.state.getState();
      expect('keyframes' in lesion ? lesion.keyframes.get(k)?.status : undefined).toBe('ready');
    });
  return { host, openSeries, currentSlice, activeTool, labelmap, notices, told, bright, session, settled, ready };
}

export const draw = (k: number, drawn = box): SessionEvent => ({ kind: 'box', k, box: drawn, draft: false });
export const pixelsOn = (mask: Uint8Array | undefined): number => mask?.reduce((sum, value) => sum + value, 0) ?? 0;
