import type { Types } from '@cornerstonejs/core';
import type { Vector3 } from '#core/geometry/coordinates.ts';
import { cross, dot, normalize } from '#core/geometry/vector.ts';
import type { LabelmapState, ReadableState } from '#extension-api';
import type { OpenSlices } from '../series/openSlices.ts';
import { createSurfaceActors, type SurfaceActors } from './surfaceActors.ts';
import { volumeActorOf } from './volumeRendering.ts';

/** The 3D view of the open series and its segments: made when its viewport comes, gone with it. */
export interface Solid {
  /** @param onReady called when the volume is there, before any surface */
  enter(viewport: Types.IVolumeViewport, slices: OpenSlices, onReady: () => void): void;
  leave(): void;
  /** Whose segments have surfaces, now and whenever they change. */
  show(state: ReadableState<LabelmapState>): () => void;
  /** Degrees to the right and down, as seen. */
  turn(right: number, down: number): void;
  zoom(factor: number): void;
  reset(): void;
}

/** Surfaces are made when the voxels have been the same for so long, ms: a stroke or a propagation changes them many times. */
const REST_MS = 300;

/** From the viewport's coming to the first work for it, ms. */
const BEGIN_MS = 50;

interface Scene {
  readonly viewport: Types.IVolumeViewport;
  readonly stop: AbortController;
  surfaces: SurfaceActors | undefined;
  release: () => void;
}

export function createSolid(): Solid {
  let state: ReadableState<LabelmapState> | undefined;
  let scene: Scene | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let run = new AbortController();

  function refreshSoon(delay = REST_MS): void {
    clearTimeout(timer);
    run.abort();
    if (scene?.surfaces !== undefined) timer = setTimeout(() => void refresh(), delay);
  }

  async function refresh(): Promise<void> {
    const labelmap = state?.getState();
    const surfaces = scene?.surfaces;
    if (labelmap === undefined || surfaces === undefined) return;
    const mine = new AbortController();
    run = mine;
    await unlessStopped(mine.signal, surfaces.update(labelmap, mine.signal));
  }

  async function begin(mine: Scene, slices: OpenSlices, onReady: () => void): Promise<void> {
    const { grid } = slices.series.stack;
    if (grid === undefined) return;
    // A layout that is only passed through costs nothing.
    await new Promise((resolve) => setTimeout(resolve, BEGIN_MS));
    const { signal } = mine.stop;
    if (signal.aborted) return;
    const volume = await unlessStopped(signal, volumeActorOf(slices, grid, signal));
    if (volume === undefined) return;
    mine.release = volume.dispose;
    mine.viewport.addActor({ uid: 'volume', actor: volume.actor });
    mine.viewport.resetCamera();
    mine.surfaces = createSurfaceActors(mine.viewport, grid);
    mine.viewport.render();
    onReady();
    refreshSoon(0);
  }

  return {
    enter: (viewport, slices, onReady) => {
      scene = { viewport, stop: new AbortController(), surfaces: undefined, release: () => {} };
      void begin(scene, slices, onReady);
    },
    leave: () => {
      clearTimeout(timer);
      run.abort();
      scene?.stop.abort();
      scene?.surfaces?.dispose();
      scene?.viewport.removeAllActors();
      scene?.release();
      scene = undefined;
    },
    show: (next) => {
      state = next;
      const stop = next.subscribe(() => refreshSoon());
      refreshSoon(0);
      return () => {
        stop();
        if (state === next) state = undefined;
      };
    },
    turn: (right, down) => {
      if (scene !== undefined) turnCamera(scene.viewport, right, down);
    },
    zoom: (factor) => {
      if (scene === undefined) return;
      scene.viewport.setZoom(scene.viewport.getZoom() * factor);
      scene.viewport.render();
    },
    reset: () => {
      scene?.viewport.resetCamera();
      scene?.viewport.render();
    },
  };
}

/** Undefined where the work was stopped; other failures are passed on. */
async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (thrown) {
    if (signal.aborted) return undefined;
    throw thrown;
  }
}

/** The eye goes the other way, so that what is seen turns as told. */
function turnCamera(viewport: Types.IVolumeViewport, right: number, down: number): void {
  const { position, focalPoint, viewUp } = viewport.getCamera();
  if (!position || !focalPoint || !viewUp) return;
  const eye: Vector3 = [position[0] - focalPoint[0], position[1] - focalPoint[1], position[2] - focalPoint[2]];
  const sideways = turned(eye, viewUp, -right);
  const axis = normalize(cross(viewUp, sideways));
  const to = turned(sideways, axis, -down);
  const up = turned(viewUp, axis, -down);
  viewport.setCamera({
    position: [focalPoint[0] + to[0], focalPoint[1] + to[1], focalPoint[2] + to[2]],
    viewUp: [up[0], up[1], up[2]],
  });
  viewport.render();
}

/** A vector turned about a unit axis (O. Rodrigues' formula), degrees. */
function turned(vector: Vector3, axis: Vector3, degrees: number): Vector3 {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const beside = cross(axis, vector);
  const along = dot(axis, vector) * (1 - cos);
  return [0, 1, 2].map((at) => vector[at]! * cos + beside[at]! * sin + axis[at]! * along) as unknown as Vector3;
}
