import { BaseTool, type Types } from '@cornerstonejs/tools';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { ViewportSlot } from '../viewer.ts';

/** Dragging over this many pixels changes centre or width by one present width. */
const PIXELS_PER_WIDTH = 300;

/**
 * Window of a drag: right widens, down raises the centre. In proportion to the present width, so that it feels alike for HU, SUV
 * and MR units; Cornerstone's own tool has a step of its own for PET that fits SUV only.
 */
export function draggedWindow(from: IntensityWindow, dx: number, dy: number): IntensityWindow {
  const width = from.upper - from.lower;
  const center = (from.upper + from.lower) / 2 + (dy / PIXELS_PER_WIDTH) * width;
  const wider = Math.max(width * (1 + dx / PIXELS_PER_WIDTH), Number.EPSILON * Math.max(1, Math.abs(center)) * 16);
  return { lower: center - wider / 2, upper: center + wider / 2, source: 'reader' };
}

/** The display window of the series that a viewport shows. */
export interface WindowLevelPort {
  readonly current: (slot: ViewportSlot) => IntensityWindow | undefined;
  readonly set: (slot: ViewportSlot, window: IntensityWindow) => void;
}

export function windowLevelTool(port: WindowLevelPort) {
  return class WindowLevelTool extends BaseTool {
    static override toolName = 'WindowLevel';

    constructor(toolProps: Types.PublicToolProps = {}) {
      super(toolProps, { supportedInteractionTypes: ['Mouse', 'Touch'] });
    }

    mouseDragCallback(event: Types.EventTypes.InteractionEventType): void {
      const slot = event.detail.viewportId as ViewportSlot;
      const current = port.current(slot);
      const [dx = 0, dy = 0] = event.detail.deltaPoints.canvas;
      if (current !== undefined) port.set(slot, draggedWindow(current, dx, dy));
    }

    touchDragCallback(event: Types.EventTypes.InteractionEventType): void {
      this.mouseDragCallback(event);
    }
  };
}
