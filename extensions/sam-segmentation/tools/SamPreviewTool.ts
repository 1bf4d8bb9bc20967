import { type Types as CoreTypes, getEnabledElements } from '@cornerstonejs/core';
import { AnnotationDisplayTool, drawing, type Types, utilities } from '@cornerstonejs/tools';
import { slicePoint } from '#core/geometry/coordinates.ts';
import type { ImagePlane } from '#core/geometry/imagePlane.ts';
import { sliceToPatient } from '#core/geometry/imagePlane.ts';
import type { Stack } from '#core/geometry/stack.ts';
import type { Preview } from '#extension-api';
import { outlineOf, type PixelCorner } from '../mask/outline.ts';
import { locate, showsAcquisitionPlane } from './promptPort.ts';

/** What is shown before it is accepted, and the slices it lies on. */
export type PreviewPort = () => { readonly stack: Stack; readonly preview: Preview } | undefined;

/**
 * Draws the preview of a host that has no layer for it: outlines over the slices as they were acquired. It writes no voxel, so
 * that what is not accepted cannot be saved by anybody. Configuration: `preview`, a {@link PreviewPort}; mode: enabled.
 */
export class SamPreviewTool extends AnnotationDisplayTool {
  static override toolName: string = 'SamPreview';
  readonly #outlines = new WeakMap<Uint8Array, readonly (readonly PixelCorner[])[]>();

  constructor(toolProps: Types.PublicToolProps = {}) {
    super(toolProps, { supportedInteractionTypes: [] });
  }

  override renderAnnotation({ viewport }: CoreTypes.IEnabledElement, svg: Types.SVGDrawingHelper): boolean {
    const shown = (this.configuration as { readonly preview?: PreviewPort }).preview?.();
    const { focalPoint, viewPlaneNormal } = viewport.getCamera();
    if (shown === undefined || focalPoint === undefined || viewPlaneNormal === undefined) return false;
    if (!showsAcquisitionPlane(shown.stack, viewPlaneNormal)) return false;
    const k = locate(shown.stack, focalPoint)?.k;
    const mask = k === undefined ? undefined : shown.preview.slices.get(k);
    const plane = k === undefined ? undefined : shown.stack.planes[k];
    if (mask === undefined || plane === undefined) return false;
    const known = this.#outlines.get(mask);
    const loops = known ?? outlineOf(mask, plane.columns);
    if (known === undefined) this.#outlines.set(mask, loops);
    const onCanvas = canvasOf(viewport, plane);
    const color = `rgb(${shown.preview.color.join(', ')})`;
    drawing.drawPath(
      svg,
      'voxprompt-preview',
      'outline',
      loops.map((loop) => loop.map(onCanvas)),
      {
        color,
        fillColor: color,
        fillOpacity: 0.2,
        lineWidth: 1.5,
        closePath: true,
      },
    );
    return true;
  }
}

/** Pixel corners to the canvas: an affine map, taken from three points. */
function canvasOf(
  viewport: CoreTypes.IEnabledElement['viewport'],
  plane: ImagePlane,
): (corner: PixelCorner) => [number, number] {
  const at = (x: number, y: number): CoreTypes.Point2 => {
    const [px, py, pz] = sliceToPatient(plane, slicePoint(x, y));
    return viewport.worldToCanvas([px, py, pz]);
  };
  const [origin, right, down] = [at(-0.5, -0.5), at(plane.columns - 0.5, -0.5), at(-0.5, plane.rows - 0.5)];
  const across = [(right[0] - origin[0]) / plane.columns, (right[1] - origin[1]) / plane.columns] as const;
  const along = [(down[0] - origin[0]) / plane.rows, (down[1] - origin[1]) / plane.rows] as const;
  return ([x, y]) => [origin[0] + x * across[0] + y * along[0], origin[1] + x * across[1] + y * along[1]];
}

/** Draws anew wherever images are shown. */
export const redrawPreviews = (): void =>
  utilities.triggerAnnotationRenderForViewportIds(getEnabledElements().map(({ viewportId }) => viewportId));
