declare global {
  interface Window {
    /** Pixels that each triangle or more could cover. */
    drawnAreas: number[];
    /** How often something else than the canvas was drawn on. */
    otherBuffers: number;
  }
}

/** Runs in the page. */
export function watchDrawing(): void {
  const gl = WebGL2RenderingContext.prototype;
  const { drawArrays, bindFramebuffer } = gl;
  window.drawnAreas = [];
  window.otherBuffers = 0;
  gl.drawArrays = function (...drawing) {
    const [, , width, height] = this.getParameter(this.SCISSOR_BOX) as Int32Array;
    window.drawnAreas.push(width! * height!);
    drawArrays.apply(this, drawing);
  };
  gl.bindFramebuffer = function (target, buffer) {
    if (buffer !== null) window.otherBuffers += 1;
    bindFramebuffer.call(this, target, buffer);
  };
}
