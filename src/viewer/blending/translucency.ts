import type { ContextPoolRenderingEngine } from '@cornerstonejs/core';
import type { vtkImageData } from '@kitware/vtk.js/Common/DataModel/ImageData';
import vtkForwardPass from '@kitware/vtk.js/Rendering/OpenGL/ForwardPass.js';
import vtkOrderIndependentTranslucentPass, {
  type ImageSlice,
  type Renderable,
  type RendererNode,
  type Size,
  type TranslucentPass,
  type View,
} from '@kitware/vtk.js/Rendering/OpenGL/OrderIndependentTranslucentPass.js';
import vtkRenderPass from '@kitware/vtk.js/Rendering/SceneGraph/RenderPass.js';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import { labelledExtent } from './labelledExtent.ts';

const prepared = new WeakSet<View>();

/**
 * Lets the labelmaps on a slice be blended straight over it, in the order of their actors, and only where something is labelled.
 * vtk.js draws whatever is see-through into half-float buffers of the whole canvas and blends these over the picture, so that
 * surfaces need no order. On a plane that gives the same picture, or a worse one where two labelmaps overlap; without a GPU a frame
 * then takes five times as long as the image alone.
 * @param viewportId an enabled viewport; all viewports of its WebGL context are meant
 */
export function blendLabelmapsInOrder(engine: ContextPoolRenderingEngine, viewportId: string): void {
  // vtk.js types the views of a render window as anything.
  const [view] = engine.getOffscreenMultiRenderWindow(viewportId).getRenderWindow().getViews() as View[];
  if (view === undefined || prepared.has(view)) return;
  prepared.add(view);
  view.setRenderPasses([vtkForwardPass.newInstance({ translucentPass: inOrderOnPlanes() })]);
}

function inOrderOnPlanes(): TranslucentPass {
  const ofSurfaces = vtkOrderIndependentTranslucentPass.newInstance();
  // A mapper asks the pass of what is see-through whether its shader is to be changed.
  const straight = { ...vtkRenderPass.newInstance(), getShaderReplacement: () => null };
  return {
    traverse: (view, renderer, forward) => {
      if (!renderer.getRenderable().getViewProps().every(isImageSlice)) {
        ofSurfaces.traverse(view, renderer, forward);
        return;
      }
      const gl = view.getContext();
      straight.setCurrentOperation('translucentPass');
      for (const node of renderer.getChildren()) {
        const labelmap = node.getRenderable();
        // The camera has a node too.
        if (!isImageSlice(labelmap) || labelmap.getIsOpaque()) continue;
        const box = extentOf(labelmap.getMapper().getInputData());
        // Drawn even where nothing is to be seen: vtk.js cannot let go of an image that never was.
        const clip = box === undefined ? NOTHING : clipOf(box, labelmap, renderer, view.getSizeByReference());
        gl.scissor(...clip);
        node.traverse(straight);
      }
      const { usize, vsize, lowerLeftU, lowerLeftV } = renderer.getTiledSizeAndOrigin();
      gl.scissor(lowerLeftU, lowerLeftV, usize, vsize);
    },
  };
}

const isImageSlice = (renderable: Renderable): renderable is ImageSlice => renderable.isA('vtkImageSlice');

type Clip = [left: number, bottom: number, width: number, height: number];
const NOTHING: Clip = [0, 0, 0, 0];

/** Pixels of the canvas, from its lower left, over which the box lies. */
function clipOf(
  { x0, y0, x1, y1 }: SliceBox,
  labelmap: ImageSlice,
  renderer: RendererNode,
  [width, height]: Size,
): Clip {
  const image = labelmap.getMapper().getInputData();
  const corners = [x0 - 1, x1 + 1].flatMap((x) =>
    [y0 - 1, y1 + 1].map((y) => {
      const [wx, wy, wz] = image.indexToWorld([x, y, 0], [0, 0, 0]);
      return renderer.getRenderable().worldToNormalizedDisplay(wx!, wy!, wz!, renderer.getAspectRatio());
    }),
  );
  const [xs, ys] = [corners.map(([x]) => x * width), corners.map(([, y]) => y * height)];
  const [left, bottom] = [Math.floor(Math.min(...xs)), Math.floor(Math.min(...ys))];
  return [left, bottom, Math.ceil(Math.max(...xs)) - left, Math.ceil(Math.max(...ys)) - bottom];
}

/** By image, of the voxels that it had then. */
const extents = new WeakMap<vtkImageData, { readonly changed: number; readonly box: SliceBox | undefined }>();

function extentOf(image: vtkImageData): SliceBox | undefined {
  const scalars = image.getPointData().getScalars();
  const changed = Math.max(image.getMTime(), scalars.getMTime());
  const known = extents.get(image);
  if (known?.changed === changed) return known.box;
  const box = labelledExtent(scalars.getData(), image.getDimensions()[0]);
  extents.set(image, { changed, box });
  return box;
}
