import { type Types as CoreTypes, getEnabledElement } from '@cornerstonejs/core';
import { AnnotationDisplayTool, drawing, type Types } from '@cornerstonejs/tools';
import { type PatientPoint, patientPoint, type Vector3 } from '#core/geometry/coordinates.ts';
import { cross, length, moved, normalize } from '#core/geometry/vector.ts';
import type { ViewportSlot } from '../viewer.ts';

/** What the crosshair tool asks of the viewer. */
export interface CrosshairsPort {
  readonly visible: () => boolean;
  /** The point as the slot may show it. */
  readonly pointIn: (slot: ViewportSlot) => PatientPoint | undefined;
  /** Moves all planes so that they contain the point. */
  readonly moveTo: (point: PatientPoint, from: ViewportSlot) => void;
  /** Normals of the other planes on the screen. */
  readonly otherPlanes: (slot: ViewportSlot) => readonly { readonly slot: ViewportSlot; readonly normal: Vector3 }[];
}

const COLORS: Readonly<Record<ViewportSlot, string>> = {
  acquisition: 'rgb(255, 196, 77)',
  companion: 'rgb(214, 158, 255)',
  axial: 'rgb(255, 120, 120)',
  coronal: 'rgb(120, 220, 140)',
  sagittal: 'rgb(120, 180, 255)',
  solid: 'rgb(255, 255, 255)',
};
/** Kept free around the point, px, so that the lines do not hide what they point at. */
const GAP = 14;
const MARKER = 16;
const MARKER_GAP = 4;
/** Longer than any viewport's diagonal, px. */
const REACH = 8000;

/**
 * Lines where the other planes cut this one, and a click that moves them all. Cornerstone's own tool draws in volume viewports
 * only, but the reader works on the acquired slices, which are a stack.
 */
export function crosshairsTool(port: CrosshairsPort) {
  return class CrosshairsTool extends AnnotationDisplayTool {
    static override toolName = 'Crosshairs';

    constructor(toolProps: Types.PublicToolProps = {}) {
      super(toolProps, { supportedInteractionTypes: ['Mouse'] });
    }

    preMouseDownCallback(event: Types.EventTypes.InteractionEventType): boolean {
      this.mouseDragCallback(event);
      return true;
    }

    mouseDragCallback(event: Types.EventTypes.InteractionEventType): void {
      const { currentPoints, element } = event.detail;
      const [x, y, z] = currentPoints.world;
      const enabled = getEnabledElement(element);
      if (enabled) port.moveTo(patientPoint(x, y, z), enabled.viewportId as ViewportSlot);
    }

    override renderAnnotation(enabled: CoreTypes.IEnabledElement, svg: Types.SVGDrawingHelper): boolean {
      const slot = enabled.viewportId as ViewportSlot;
      const point = port.pointIn(slot);
      if (!port.visible() || point === undefined) return false;
      const { viewPlaneNormal } = enabled.viewport.getCamera();
      if (viewPlaneNormal === undefined) return false;
      let crossed = false;
      for (const other of port.otherPlanes(slot)) {
        const along = cross(viewPlaneNormal, other.normal);
        if (length(along) < 1e-3) continue;
        crossed = true;
        const line = canvasLine(enabled.viewport, point, normalize(along));
        line.forEach(([start, end], half) => {
          drawing.drawLine(svg, 'crosshairs', `${other.slot}-${half}`, start, end, {
            color: COLORS[other.slot],
            lineWidth: 1,
            shadow: false,
          });
        });
      }
      if (!crossed) drawMarker(svg, enabled.viewport.worldToCanvas([point[0], point[1], point[2]]));
      return true;
    }
  };
}

/** Where no other plane cuts this one the point itself is marked: keys move it, and measurements start from it. */
function drawMarker(svg: Types.SVGDrawingHelper, [x, y]: CoreTypes.Point2): void {
  const arms: readonly Segment[] = [
    [
      [x - MARKER, y],
      [x - MARKER_GAP, y],
    ],
    [
      [x + MARKER_GAP, y],
      [x + MARKER, y],
    ],
    [
      [x, y - MARKER],
      [x, y - MARKER_GAP],
    ],
    [
      [x, y + MARKER_GAP],
      [x, y + MARKER],
    ],
  ];
  arms.forEach(([start, end], arm) => {
    drawing.drawLine(svg, 'crosshairs', `marker-${arm}`, [...start], [...end], {
      color: COLORS.acquisition,
      lineWidth: 1.5,
      shadow: true,
    });
  });
}

type Segment = readonly [CoreTypes.Point2, CoreTypes.Point2];

/** Both halves of a line through the point, without the gap. */
function canvasLine(
  viewport: Pick<CoreTypes.IStackViewport, 'worldToCanvas'>,
  point: PatientPoint,
  along: Vector3,
): readonly Segment[] {
  const [cx, cy] = viewport.worldToCanvas([point[0], point[1], point[2]]);
  const ahead = moved(point, [along, 1]);
  const [ax, ay] = viewport.worldToCanvas([ahead[0], ahead[1], ahead[2]]);
  const size = Math.hypot(ax - cx, ay - cy);
  if (size === 0) return [];
  const [ux, uy] = [(ax - cx) / size, (ay - cy) / size];
  return [1, -1].map(
    (sign): Segment => [
      [cx + sign * GAP * ux, cy + sign * GAP * uy],
      [cx + sign * REACH * ux, cy + sign * REACH * uy],
    ],
  );
}
