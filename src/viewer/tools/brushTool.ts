import type { Types as CoreTypes } from '@cornerstonejs/core';
import { AnnotationDisplayTool, drawing, type Types, utilities } from '@cornerstonejs/tools';
import { type PatientPoint, patientPoint } from '#core/geometry/coordinates.ts';

/** `ThresholdBrush` paints only where the values are within a range. */
export type BrushKind = 'Brush' | 'Eraser' | 'ThresholdBrush';

const COLORS: Readonly<Record<BrushKind, string>> = {
  Brush: 'rgb(255, 255, 255)',
  Eraser: 'rgb(255, 120, 120)',
  ThresholdBrush: 'rgb(140, 220, 255)',
};

/** What the brush asks of the viewer; all points are on the slice shown. */
export interface BrushPort {
  /** mm */
  readonly radius: () => number;
  /** False where there is nothing to paint on. */
  readonly begin: (at: PatientPoint, kind: BrushKind) => boolean;
  readonly extend: (to: PatientPoint) => void;
  readonly end: () => void;
}

/**
 * A round brush on the acquired slices. It paints into masks of ours: Cornerstone's brush would edit the displayed labels, where
 * overlapping segments are one on top of the other.
 */
export function brushTool(name: BrushKind, port: BrushPort) {
  return class extends AnnotationDisplayTool {
    static override toolName = name;
    cursor: CoreTypes.Point3 | undefined = undefined;
    painting = false;

    constructor(toolProps: Types.PublicToolProps = {}) {
      super(toolProps, { supportedInteractionTypes: ['Mouse', 'Touch'] });
    }

    preMouseDownCallback(event: Types.EventTypes.InteractionEventType): boolean {
      this.painting = port.begin(this.place(event), name);
      return true;
    }

    mouseDragCallback(event: Types.EventTypes.InteractionEventType): void {
      const at = this.place(event);
      if (this.painting) port.extend(at);
    }

    mouseUpCallback(): void {
      if (this.painting) port.end();
      this.painting = false;
    }

    touchEndCallback(): void {
      this.mouseUpCallback();
    }

    /** Cornerstone sends this one instead where the mouse did not move. */
    mouseClickCallback(): void {
      this.mouseUpCallback();
    }

    mouseMoveCallback(event: Types.EventTypes.InteractionEventType): boolean {
      this.place(event);
      return false;
    }

    onSetToolPassive(): void {
      this.cursor = undefined;
    }

    place(event: Types.EventTypes.InteractionEventType): PatientPoint {
      const { currentPoints, element } = event.detail;
      this.cursor = currentPoints.world;
      utilities.triggerAnnotationRender(element);
      return patientPoint(...currentPoints.world);
    }

    override renderAnnotation(enabled: CoreTypes.IEnabledElement, svg: Types.SVGDrawingHelper): boolean {
      if (this.cursor === undefined || !this.isPrimary) return false;
      const center = enabled.viewport.worldToCanvas(this.cursor);
      const [ax, ay, az] = enabled.viewport.canvasToWorld([0, 0]);
      const [bx, by, bz] = enabled.viewport.canvasToWorld([1, 0]);
      const pixels = port.radius() / Math.hypot(bx - ax, by - ay, bz - az);
      drawing.drawCircle(svg, name, 'cursor', center, pixels, {
        color: COLORS[name],
        lineWidth: 1,
      });
      return true;
    }
  };
}
