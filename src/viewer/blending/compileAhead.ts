import { type ContextPoolRenderingEngine, Enums, type Types } from '@cornerstonejs/core';
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray.js';
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData.js';
import vtkImageMapper from '@kitware/vtk.js/Rendering/Core/ImageMapper.js';
import vtkImageSlice from '@kitware/vtk.js/Rendering/Core/ImageSlice.js';

const { IMAGE_RENDERED } = Enums.Events;
let begun = false;

/**
 * Once the first image is seen, draws one empty pixel as labelmaps are drawn: the browser then compiles the shader while nobody
 * waits for it, and not between a box and its mask. Once in a page, whose viewports share their shaders.
 * @param viewportId an enabled stack
 */
export function compileAhead(engine: ContextPoolRenderingEngine, viewportId: string, element: HTMLElement): void {
  if (begun) return;
  const stack = engine.getViewport<Types.IStackViewport>(viewportId);
  const isOpen = (): boolean => engine.getViewport(viewportId) === stack;
  const stop = (): void => element.removeEventListener(IMAGE_RENDERED, onDrawn);
  function onDrawn(): void {
    if (begun || !isOpen()) {
      stop();
      return;
    }
    const image: Types.IImageData | Types.CPUIImageData | undefined = stack.getImageData();
    if (image === undefined) return;
    stop();
    begun = true;
    const renderer = stack.getRenderer();
    const pixel = emptyPixel(image);
    renderer.addViewProp(pixel);
    const forget = (): void => {
      if (isOpen()) renderer.removeViewProp(pixel);
    };
    element.addEventListener(IMAGE_RENDERED, forget, { once: true });
    stack.render();
  }
  element.addEventListener(IMAGE_RENDERED, onDrawn);
}

/** Where the image begins, so that no camera sees further for it. */
function emptyPixel({ origin, direction, spacing }: Types.IImageData | Types.CPUIImageData): vtkImageSlice {
  const data = vtkImageData.newInstance();
  data.setDimensions(1, 1, 1);
  data.setOrigin(origin);
  data.setDirection(direction);
  data.setSpacing(spacing);
  data.getPointData().setScalars(vtkDataArray.newInstance({ name: 'Pixels', values: new Uint8Array(1) }));
  const mapper = vtkImageMapper.newInstance();
  mapper.setInputData(data);
  const slice = vtkImageSlice.newInstance();
  slice.setMapper(mapper);
  slice.setForceTranslucent(true);
  slice.getProperty().setUseLabelOutline(true);
  slice.getProperty().setInterpolationTypeToNearest();
  return slice;
}
