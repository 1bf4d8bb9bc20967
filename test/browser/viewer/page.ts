import { cache, Enums, getEnabledElements, imageLoader } from '@cornerstonejs/core';
import type { PixelLocation } from '#extension-api';
import { createViewer } from '#viewer';
import { paintingOn } from './painting.ts';
import { showPanes } from './panes.ts';
import { filesOf, headersOf, sourceOf } from './studySource.ts';

const { NEEDS_RENDER } = Enums.ViewportStatus;
const viewer = await createViewer();
const { begin, ...painting } = paintingOn(viewer);
const { reattach } = showPanes(viewer);

const base64 = (values: Float64Array<ArrayBuffer>): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^.*,/, ''));
    reader.readAsDataURL(new Blob([values]));
  });

const hex = async (values: { readonly buffer: ArrayBuffer }): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', values.buffer))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** What the tests call from outside. */
export const harness = {
  viewer,
  ...painting,
  open: async (name: string, kind: PixelLocation['kind']) => {
    const headers = await headersOf(name);
    const files = kind === 'part10' ? await filesOf(name, headers) : [];
    const opened = await viewer.open(sourceOf(name, kind, headers, files), 'study', 'series');
    if (opened.ok) {
      const { rows, columns } = opened.value.series.stack.planes[0]!;
      begin({ columns, rows, slices: opened.value.imageIds.length });
    }
    return opened.ok ? { ok: true, slices: opened.value.imageIds.length, use: opened.value.series.stack.use } : opened;
  },
  /** The second series of a pair, of the study of the first. */
  openBeside: async (name: string) => {
    const headers = await headersOf(name);
    const study = viewer.openSeries.getState()!.series.studyInstanceUID;
    const series = String(headers[0]!['0020000E']!.Value![0]);
    const opened = await viewer.companion.open(sourceOf(name, 'wado-rs', headers, []), study, series);
    return opened.ok ? { ok: true, slices: opened.value.imageIds.length } : { ok: false, code: opened.error.code };
  },
  besideLoaded: () => until(() => viewer.companion.loading.getState() === undefined),
  /** Where the slice of a pane lies along its normal, mm. */
  position: (pane: 'acquisition' | 'companion') => {
    const { openSeries, currentSlice } = pane === 'acquisition' ? viewer : viewer.companion;
    return openSeries.getState()!.series.stack.positions[currentSlice.getState()]!;
  },
  /** A voxel under the pointer, as a point of the patient, mm. */
  pointed: () => {
    const reading = viewer.cursor.getState();
    if (reading === undefined) return undefined;
    const [i, j, k] = reading.voxel;
    const plane = (reading.slot === 'companion' ? viewer.companion : viewer).openSeries.getState()!.series.stack.planes[
      k
    ]!;
    return [0, 1, 2].map(
      (axis) =>
        plane.position[axis]! +
        i * plane.columnSpacing * plane.rowDirection[axis]! +
        j * plane.rowSpacing * plane.columnDirection[axis]!,
    );
  },
  /** Bounds of each surface in the 3D view, mm: x0, x1, y0, y1, z0, z1. */
  surfaces: () =>
    (
      getEnabledElements()
        .find(({ viewportId }) => viewportId === 'solid')
        ?.viewport.getActors() ?? []
    )
      .filter(({ uid }) => uid.startsWith('surface'))
      // Cornerstone types actors by all that one can be.
      .map(({ uid, actor }) => ({ uid, bounds: [...(actor as { getBounds(): readonly number[] }).getBounds()] })),
  /** What Cornerstone holds. */
  held: () => ({
    viewports: getEnabledElements().map(({ viewportId }) => viewportId),
    actors: getEnabledElements().reduce((sum, { viewport }) => sum + viewport.getActors().length, 0),
    volumes: cache.getVolumes().length,
    bytes: cache.getCacheSize(),
  }),
  openCancelled: async (name: string) => {
    const headers = await headersOf(name);
    const controller = new AbortController();
    const opening = viewer.open(sourceOf(name, 'wado-rs', headers, []), 'study', 'series', {
      signal: controller.signal,
    });
    controller.abort();
    return opening.then(
      () => 'opened',
      (thrown: unknown) => (thrown instanceof DOMException ? thrown.name : String(thrown)),
    );
  },
  /** Opens one series and, before it is there, another. */
  openOver: async (first: string, second: string) => {
    const headers = await Promise.all([headersOf(first), headersOf(second)]);
    const superseded = viewer.open(sourceOf(first, 'wado-rs', headers[0], []), 'study', 'series').then(
      () => 'opened',
      (thrown: unknown) => (thrown instanceof DOMException ? thrown.name : String(thrown)),
    );
    const opened = await viewer.open(sourceOf(second, 'wado-rs', headers[1], []), 'study', 'series');
    return { superseded: await superseded, opened: opened.ok && opened.value.imageIds.length };
  },
  reattach,
  loaded: () => until(() => viewer.loading.getState() === undefined),
  /** Layers and panes are drawn over several frames, which come late on a busy machine. */
  settled: async () => {
    for (let frames = 0; frames < 12; frames += 1) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await until(() => getEnabledElements().every(({ viewport }) => viewport.viewportStatus !== NEEDS_RENDER));
  },
  hashes: async () => {
    const slices = viewer.openSeries.getState()!.imageIds.length;
    const hashes: string[] = [];
    for (let k = 0; k < slices; k += 1) {
      const pixels = await viewer.slicePixels(k);
      hashes.push(pixels.ok ? await hex(pixels.value.values as Float32Array<ArrayBuffer>) : pixels.error.code);
    }
    return hashes;
  },
  /** Values of each frame in file order as the viewer has them: stored ones recovered from the modality values, or RGB. */
  frames: async () => {
    const { series, imageIds } = viewer.openSeries.getState()!;
    const order = series.frames
      .map((_, k) => k)
      .sort((a, b) => (series.frames[a]!.frameNumber ?? 1) - (series.frames[b]!.frameNumber ?? 1));
    const out: { readonly columns: number; readonly samplesPerPixel: number; readonly base64: string }[] = [];
    for (const k of order) {
      const pixels = await viewer.slicePixels(k);
      const { lut } = series.frames[k]!;
      const { columns, rows } = series.stack.planes[k]!;
      if (pixels.ok) {
        const stored = Float64Array.from(pixels.value.values, (value) => (value - lut.intercept) / lut.slope);
        out.push({ columns, samplesPerPixel: 1, base64: await base64(stored) });
        continue;
      }
      const image = await imageLoader.loadAndCacheImage(imageIds[k]!);
      if (!image.color) return `${pixels.error.code} ${pixels.error.cause}`;
      const values = image.getPixelData();
      const channels = values.length / (rows * columns);
      const rgb = new Float64Array(rows * columns * 3).map(
        (_, at) => values[Math.floor(at / 3) * channels + (at % 3)]!,
      );
      out.push({ columns, samplesPerPixel: 3, base64: await base64(rgb) });
    }
    return out;
  },
};

declare global {
  interface Window {
    viewerHarness: typeof harness;
  }
}
window.viewerHarness = harness;
