import { cache, getEnabledElements, imageLoader } from '@cornerstonejs/core';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import { appError } from '#core/errors.ts';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { commit, journalOf, undo } from '#core/labelmap/journal.ts';
import { emptyLabelmap, type Labelmap, type SliceMask } from '#core/labelmap/labelmap.ts';
import { colorOf, type Segment } from '#core/labelmap/segment.ts';
import { err, ok } from '#core/result.ts';
import { DEFAULT_MEANING } from '#core/terminology/segmentTypes.ts';
import type { LabelmapState, PixelLocation, StudySource } from '#extension-api';
import { createViewer, type ViewportSlot } from '#viewer';

/** A study as the test's server gives it: headers, and each instance as a Part-10 file or as a WADO-RS frame. */
function sourceOf(
  name: string,
  kind: PixelLocation['kind'],
  headers: readonly DicomDataset[],
  files: readonly Blob[],
): StudySource {
  const indexOf = (header: DicomDataset): number => headers.indexOf(header);
  const none = async () => err(appError('not-here', 'Not part of this test.'));
  return {
    id: name,
    label: name,
    canStore: false,
    searchStudies: none,
    listSeries: none,
    retrieve: none,
    seriesHeaders: async () => ok(headers),
    pixels: (header, frameNumber) =>
      kind === 'part10'
        ? { kind, blob: files[indexOf(header)]!, frameNumber }
        : { kind, frameUrl: new URL(`frames/${name}/${indexOf(header)}`, location.href).href },
    store: async () => ({ kind: 'refused', error: appError('not-here', 'Not part of this test.') }),
  };
}

const segment = (number: number, label: string, visible = true): Segment => ({
  number,
  label,
  color: colorOf(number),
  ...DEFAULT_MEANING,
  algorithm: { type: 'MANUAL' },
  trackingId: label,
  trackingUid: `2.25.${number}`,
  visible,
  locked: false,
});

const viewer = await createViewer();
const listeners = new Set<() => void>();
let state: LabelmapState = {
  journal: journalOf(emptyLabelmap({ columns: 1, rows: 1, slices: 1 })),
  activeSegment: undefined,
  preview: undefined,
};
const setState = (next: Partial<LabelmapState>): void => {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
};
viewer.showLabelmap({
  getState: () => state,
  subscribe: (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
});

/** A ball of voxels around a centre, radii in voxels: masks by k. */
function ball(
  labelmap: Labelmap,
  [ci, cj, ck]: readonly number[],
  [ri, rj, rk]: readonly number[],
): Map<number, SliceMask> {
  const { columns, rows, slices } = labelmap.size;
  const masks = new Map<number, SliceMask>();
  for (let k = 0; k < slices; k += 1) {
    const mask = new Uint8Array(columns * rows);
    for (let j = 0; j < rows; j += 1)
      for (let i = 0; i < columns; i += 1)
        if (((i - ci!) / ri!) ** 2 + ((j - cj!) / rj!) ** 2 + ((k - ck!) / rk!) ** 2 <= 1) mask[j * columns + i] = 1;
    if (mask.includes(1)) masks.set(k, mask);
  }
  return masks;
}

const attached = new Map<ViewportSlot, () => void>();
function layOut(): void {
  const wanted = viewer.slots.getState();
  const room = document.querySelector('#slots')!;
  for (const [slot, detach] of attached) {
    if (wanted.includes(slot)) continue;
    detach();
    attached.delete(slot);
    document.querySelector(`[data-slot=${slot}]`)?.remove();
  }
  for (const slot of wanted) {
    if (attached.has(slot)) continue;
    const box = document.createElement('div');
    box.className = 'slot';
    box.dataset.slot = slot;
    box.innerHTML = '<div class="view"></div><div class="text"></div>';
    room.append(box);
    const text = box.querySelector<HTMLElement>('.text')!;
    const write = (): void => {
      const info = viewer.slotInfo(slot).getState();
      text.textContent = `${slot}  ${info.sliceLabel}  ${info.windowText}  x${info.zoom.toFixed(2)}  ${info.millimetresPerPixel.toFixed(3)} mm/px\n${JSON.stringify(info.orientation ?? {})} ${info.problem ?? ''}`;
    };
    viewer.slotInfo(slot).subscribe(write);
    attached.set(slot, viewer.attach(slot, box.querySelector<HTMLDivElement>('.view')!));
    write();
  }
}
viewer.slots.subscribe(layOut);
layOut();

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
  open: async (name: string, kind: PixelLocation['kind']) => {
    const headers = (await (await fetch(`headers/${name}`)).json()) as DicomDataset[];
    const files =
      kind === 'part10'
        ? await Promise.all(headers.map(async (_, index) => (await fetch(`part10/${name}/${index}`)).blob()))
        : [];
    const opened = await viewer.open(sourceOf(name, kind, headers, files), 'study', 'series');
    if (opened.ok) {
      const { rows, columns } = opened.value.series.stack.planes[0]!;
      const size = { columns, rows, slices: opened.value.imageIds.length };
      setState({ journal: journalOf(emptyLabelmap(size)), activeSegment: undefined, preview: undefined });
    }
    return opened.ok ? { ok: true, slices: opened.value.imageIds.length, use: opened.value.series.stack.use } : opened;
  },
  /** The second series of a pair, of the study of the first. */
  openBeside: async (name: string) => {
    const headers = (await (await fetch(`headers/${name}`)).json()) as DicomDataset[];
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
    const headers = (await (await fetch(`headers/${name}`)).json()) as DicomDataset[];
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
    const headers = await Promise.all(
      [first, second].map(async (name) => (await (await fetch(`headers/${name}`)).json()) as DicomDataset[]),
    );
    const superseded = viewer.open(sourceOf(first, 'wado-rs', headers[0]!, []), 'study', 'series').then(
      () => 'opened',
      (thrown: unknown) => (thrown instanceof DOMException ? thrown.name : String(thrown)),
    );
    const opened = await viewer.open(sourceOf(second, 'wado-rs', headers[1]!, []), 'study', 'series');
    return { superseded: await superseded, opened: opened.ok && opened.value.imageIds.length };
  },
  /** What React's StrictMode does to an effect. */
  reattach: () => {
    attached.get('acquisition')!();
    const element = document.querySelector<HTMLDivElement>('[data-slot=acquisition] .view')!;
    attached.set('acquisition', viewer.attach('acquisition', element));
  },
  loaded: () => until(() => viewer.loading.getState() === undefined),
  /** Layers and panes are drawn over several frames, which come late on a busy machine. */
  settled: async () => {
    for (let frames = 0; frames < 12; frames += 1) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve, 400));
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
  addBall: (
    number: number,
    center: readonly number[],
    radii: readonly number[],
    rule: 'keep-others' | 'allow-overlap' = 'keep-others',
  ) => {
    const { labelmap } = state.journal;
    const next = withSlices(
      withSegment(labelmap, segment(number, `Segment ${number}`)),
      number,
      ball(labelmap, center, radii),
      rule,
    );
    setState({ journal: commit(state.journal, 'ball', next), activeSegment: number });
  },
  previewBall: (center: readonly number[], radii: readonly number[]) =>
    setState({ preview: { color: [0, 255, 255], slices: ball(state.journal.labelmap, center, radii) } }),
  clearPreview: () => setState({ preview: undefined }),
  undo: () => setState({ journal: undo(state.journal) }),
  commitStrokes: () =>
    viewer.onBrushStroke((k, mask) => {
      const number = state.activeSegment ?? 1;
      setState({
        journal: commit(state.journal, 'brush', withSlices(state.journal.labelmap, number, new Map([[k, mask]]))),
      });
    }),
  voxels: (number: number, k: number) =>
    state.journal.labelmap.voxels
      .get(number)
      ?.get(k)
      ?.reduce((sum, v) => sum + v, 0) ?? 0,
  steps: () => state.journal.past.length,
};

declare global {
  interface Window {
    viewerHarness: typeof harness;
  }
}
window.viewerHarness = harness;
