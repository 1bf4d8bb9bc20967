declare global {
  interface Window {
    /** Pixels that each triangle or more could cover. */
    drawnAreas: number[];
    /** How often something else than the canvas was drawn on. */
    otherBuffers: number;
    /** Each copy of what WebGL drew: onto which viewport, whether it was known to be drawn, and whether with several samples a pixel. */
    copies: { readonly onto: string | undefined; readonly finished: boolean; readonly smoothed: boolean }[];
  }
}

/** Runs in the page. */
export function watchDrawing(): void {
  const gl = WebGL2RenderingContext.prototype;
  const screen = CanvasRenderingContext2D.prototype;
  const { drawArrays, bindFramebuffer, clientWaitSync } = gl;
  const { drawImage } = screen;
  let finished = false;
  window.drawnAreas = [];
  window.otherBuffers = 0;
  window.copies = [];
  gl.drawArrays = function (...drawing) {
    const [, , width, height] = this.getParameter(this.SCISSOR_BOX) as Int32Array;
    window.drawnAreas.push(width! * height!);
    finished = false;
    drawArrays.apply(this, drawing);
  };
  gl.bindFramebuffer = function (target, buffer) {
    if (buffer !== null) window.otherBuffers += 1;
    bindFramebuffer.call(this, target, buffer);
  };
  gl.clientWaitSync = function (...waiting) {
    const status = clientWaitSync.apply(this, waiting);
    finished ||= status === this.ALREADY_SIGNALED || status === this.CONDITION_SATISFIED;
    return status;
  };
  screen.drawImage = function (this: CanvasRenderingContext2D, ...copying: unknown[]) {
    const [source] = copying;
    const drawn = source instanceof HTMLCanvasElement && source.getContext('webgl2');
    if (drawn) {
      const onto = this.canvas.closest<HTMLElement>('[data-viewport-uid]')?.dataset.viewportUid;
      window.copies.push({ onto, finished, smoothed: drawn.getContextAttributes()!.antialias! });
    }
    Reflect.apply(drawImage, this, copying);
  };
}
