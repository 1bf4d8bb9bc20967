// vtk.js 36.4 ships no types for its render passes: what the viewer uses of them.
declare module '@kitware/vtk.js/Rendering/OpenGL/ForwardPass.js' {
  import type { TranslucentPass } from '@kitware/vtk.js/Rendering/OpenGL/OrderIndependentTranslucentPass.js';
  import type { vtkRenderPass } from '@kitware/vtk.js/Rendering/SceneGraph/RenderPass';

  const forwardPass: {
    /** @param values of the pass's own fields: `translucentPass` draws what is see-through */
    newInstance(values: { readonly translucentPass: TranslucentPass }): vtkRenderPass;
  };
  export default forwardPass;
}

declare module '@kitware/vtk.js/Rendering/OpenGL/OrderIndependentTranslucentPass.js' {
  import type { vtkImageData } from '@kitware/vtk.js/Common/DataModel/ImageData';
  import type { vtkRenderPass } from '@kitware/vtk.js/Rendering/SceneGraph/RenderPass';
  /** Width and height, px. */
  export type Size = readonly [number, number];
  /** A WebGL context's canvas. */
  export interface View {
    setRenderPasses(passes: readonly vtkRenderPass[]): void;
    getContext(): WebGL2RenderingContext;
    getSizeByReference(): Size;
  }
  /** An actor, a camera, a volume. */
  export interface Renderable {
    isA(className: string): boolean;
  }
  /** A `vtkImageSlice`. */
  export interface ImageSlice extends Renderable {
    getIsOpaque(): boolean;
    getMapper(): { getInputData(): vtkImageData };
  }
  /** How a renderable is drawn. */
  export interface PropNode {
    traverse(pass: vtkRenderPass): void;
    getRenderable(): Renderable;
  }
  /** A viewport. */
  export interface RendererNode {
    getChildren(): readonly PropNode[];
    getAspectRatio(): number;
    /** Where it lies on the canvas, px from the lower left. */
    getTiledSizeAndOrigin(): {
      readonly usize: number;
      readonly vsize: number;
      readonly lowerLeftU: number;
      readonly lowerLeftV: number;
    };
    getRenderable(): {
      getViewProps(): readonly Renderable[];
      /** 0 to 1 over the canvas. */
      worldToNormalizedDisplay(x: number, y: number, z: number, aspect: number): readonly [number, number, number];
    };
  }
  export interface TranslucentPass {
    traverse(view: View, renderer: RendererNode, forward: vtkRenderPass): void;
  }
  const translucentPass: { newInstance(): TranslucentPass };
  export default translucentPass;
}
