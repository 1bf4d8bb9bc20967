import * as core from '@cornerstonejs/core';

/** What Cornerstone's engine keeps to itself. */
interface Inside {
  /** Viewports to be drawn, by id, in the order in which they asked. */
  readonly _needsRender: Set<string>;
  _animationFrameSet: boolean;
  _animationFrameHandle: number | null;
  /** Draws them all; called by an animation frame. */
  _renderFlaggedViewports(): void;
  /** @returns what is told to who listens that the viewport was drawn; nobody is told where it is undefined */
  _copyToOnscreenCanvas(
    viewport: core.Types.IViewport,
    drawn: HTMLCanvasElement,
  ): core.Types.EventTypes.ImageRenderedEventDetail | undefined;
}

/**
 * The one rendering engine. Where the browser has no GPU, its pictures are drawn without smoothed edges, which only surfaces have,
 * and are not waited for.
 */
export function createEngine(id: string): core.ContextPoolRenderingEngine {
  const make = (): core.ContextPoolRenderingEngine => new core.ContextPoolRenderingEngine(id);
  if (!core.getRenderingCapabilities().softwareRasterizer) return make();
  const engine = withoutSmoothing(make);
  copyWhenDrawn(engine);
  return engine;
}

/**
 * Four samples a pixel are a third of a frame's time. vtk.js asks for its context while the engine is made, and cannot be told
 * with which attributes.
 */
function withoutSmoothing<T>(make: () => T): T {
  const { prototype } = HTMLCanvasElement;
  const { getContext } = prototype;
  prototype.getContext = function (this: HTMLCanvasElement, kind: string, attributes?: object) {
    return Reflect.apply(getContext, this, [kind, { ...attributes, antialias: false }]);
  } as typeof getContext;
  try {
    return make();
  } finally {
    prototype.getContext = getContext;
  }
}

/**
 * Cornerstone copies a viewport's picture to the screen as soon as its drawing is asked for, and a copy that needs the pixels
 * lets the page stand still until they are drawn. Here it is made when they are. All viewports draw on one canvas, so that the
 * next one's turn comes after the copy.
 */
function copyWhenDrawn(engine: core.ContextPoolRenderingEngine): void {
  const inside = engine as unknown as Inside;
  const flagged = inside._needsRender;
  const drawFlagged = inside._renderFlaggedViewports;
  const copyNow = inside._copyToOnscreenCanvas.bind(engine);
  let planned = false;
  let drawing = false;

  /** Those that are to be drawn, one at a time as far as the GPU is waited for. */
  function drawNext(): void {
    const waiting = [...flagged];
    do {
      const next = waiting.shift();
      flagged.clear();
      if (next !== undefined) flagged.add(next);
      drawFlagged();
      // Cornerstone's cine skips slices while a picture is not there.
      if (drawing && next !== undefined)
        engine.getViewport(next).viewportStatus = core.Enums.ViewportStatus.NEEDS_RENDER;
    } while (!drawing && waiting.length > 0);
    for (const viewportId of waiting) flagged.add(viewportId);
  }

  /** In a task of its own: others prepare in the same frame what is drawn. */
  function drawSoon(): void {
    if (planned) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      if (!drawing) drawNext();
    });
  }

  inside._renderFlaggedViewports = () => {
    inside._animationFrameSet = false;
    inside._animationFrameHandle = null;
    if (!drawing) drawSoon();
  };

  inside._copyToOnscreenCanvas = (viewport, drawn) => {
    const gl = drawn.getContext('webgl2');
    const fence = gl?.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    // A context of an older kind, or that was lost.
    if (!gl || !fence) return copyNow(viewport, drawn);
    gl.flush();
    drawing = true;
    const size = sizesOf(viewport, drawn);
    const look = (): void => {
      if (gl.clientWaitSync(fence, 0, 0) === gl.TIMEOUT_EXPIRED) {
        setTimeout(look, 1);
        return;
      }
      gl.deleteSync(fence);
      drawing = false;
      // Closed meanwhile, or its pane was.
      if (engine.getViewport(viewport.id) === viewport) {
        if (sizesOf(viewport, drawn) === size) {
          const detail = copyNow(viewport, drawn);
          if (!flagged.has(viewport.id)) viewport.setRendered();
          if (detail !== undefined) core.triggerEvent(viewport.element, core.Enums.Events.IMAGE_RENDERED, detail);
        } else flagged.add(viewport.id);
      }
      if (flagged.size > 0) drawSoon();
    };
    setTimeout(look);
    return undefined;
  };
}

/** A canvas that changes its size loses its picture. */
const sizesOf = ({ sWidth, sHeight }: core.Types.IViewport, { width, height }: HTMLCanvasElement): string =>
  [sWidth, sHeight, width, height].join();
