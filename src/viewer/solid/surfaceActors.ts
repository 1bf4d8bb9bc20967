import type { Types } from '@cornerstonejs/core';
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray.js';
import vtkPolyData from '@kitware/vtk.js/Common/DataModel/PolyData.js';
import vtkActor from '@kitware/vtk.js/Rendering/Core/Actor.js';
import vtkMapper from '@kitware/vtk.js/Rendering/Core/Mapper.js';
import type { VoxelGrid } from '#core/geometry/voxelGrid.ts';
import type { SegmentVoxels } from '#core/labelmap/labelmap.ts';
import type { Rgb } from '#core/labelmap/segment.ts';
import { type Surface, surfaceInPieces } from '#core/labelmap/surface.ts';
import type { LabelmapState } from '#extension-api';
import { inPieces } from './inPieces.ts';

/** Something with a surface: a segment that is to be seen, or what is not accepted yet. */
interface Body {
  readonly id: string;
  readonly voxels: SegmentVoxels;
  readonly color: Rgb;
  readonly opacity: number;
}

interface Shown {
  readonly voxels: SegmentVoxels;
  /** Absent where the voxels have no surface. */
  readonly actor: vtkActor | undefined;
  dispose(): void;
}

/** Surfaces of a labelmap in a 3D viewport. */
export interface SurfaceActors {
  /** Those whose voxels changed are made anew. Rejects when the signal is aborted; what was made until then stays. */
  update(state: LabelmapState, signal: AbortSignal): Promise<void>;
  dispose(): void;
}

/** A proposal is lighter, as it is on the slices. */
const PREVIEW_OPACITY = 0.6;

function bodiesOf({ journal, preview }: LabelmapState): readonly Body[] {
  const { segments, voxels } = journal.labelmap;
  const bodies = segments.flatMap(({ number, visible, color, opacity = 1 }): readonly Body[] => {
    const own = voxels.get(number);
    return visible && own !== undefined ? [{ id: `surface-${number}`, voxels: own, color, opacity }] : [];
  });
  if (preview === undefined || preview.slices.size === 0) return bodies;
  return [...bodies, { id: 'surface-preview', voxels: preview.slices, color: preview.color, opacity: PREVIEW_OPACITY }];
}

export function createSurfaceActors(viewport: Types.IVolumeViewport, grid: VoxelGrid): SurfaceActors {
  const shown = new Map<string, Shown>();

  function remove(id: string): void {
    const gone = shown.get(id);
    shown.delete(id);
    if (gone?.actor !== undefined && viewport.getActor(id) !== undefined) viewport.removeActors([id]);
    gone?.dispose();
  }

  return {
    update: async (state, signal) => {
      const bodies = bodiesOf(state);
      const wanted = new Set(bodies.map(({ id }) => id));
      for (const id of [...shown.keys()]) if (!wanted.has(id)) remove(id);
      for (const body of bodies) {
        if (shown.get(body.id)?.voxels !== body.voxels) {
          const surface = await inPieces(surfaceInPieces(body.voxels, grid), signal);
          remove(body.id);
          const made = surface === undefined ? NOTHING : actorOf(surface);
          shown.set(body.id, { voxels: body.voxels, ...made });
          if (made.actor !== undefined) viewport.addActor({ uid: body.id, actor: made.actor });
        }
        const property = shown.get(body.id)?.actor?.getProperty();
        property?.setColor(body.color[0] / 255, body.color[1] / 255, body.color[2] / 255);
        property?.setOpacity(body.opacity);
      }
      viewport.render();
    },
    dispose: () => {
      for (const id of [...shown.keys()]) remove(id);
    },
  };
}

const NOTHING = { actor: undefined, dispose: () => {} };

function actorOf({ points, normals, triangles }: Surface) {
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(points, 3);
  data.getPolys().setData(cellsOf(triangles));
  data.getPointData().setNormals(vtkDataArray.newInstance({ name: 'Normals', numberOfComponents: 3, values: normals }));
  const mapper = vtkMapper.newInstance();
  mapper.setInputData(data);
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  const property = actor.getProperty();
  property.setAmbient(0.25);
  property.setDiffuse(0.75);
  property.setSpecular(0.15);
  return {
    actor,
    dispose: () => {
      for (const object of [actor, mapper, data]) object.delete();
    },
  };
}

/** Each cell begins with how many corners it has. */
function cellsOf(triangles: Uint32Array): Uint32Array {
  const cells = new Uint32Array((triangles.length / 3) * 4);
  for (let cell = 0; cell * 3 < triangles.length; cell += 1) {
    cells[cell * 4] = 3;
    cells.set(triangles.subarray(cell * 3, cell * 3 + 3), cell * 4 + 1);
  }
  return cells;
}
