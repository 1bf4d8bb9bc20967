import { type Types as CoreTypes, getEnabledElement } from '@cornerstonejs/core';
import { drawing, Enums, type Types, utilities } from '@cornerstonejs/tools';
import { type PatientPoint, patientPoint } from '#core/geometry/coordinates.ts';
import { cutOfExtent, cutsSlices, dragCorners, extentFromDrag } from '../prompt/sliceRange.ts';
import { text } from '../text.ts';
import { PROMPT_COLORS } from './promptColors.ts';
import type { PromptPort } from './promptPort.ts';

type InteractionEvent = Types.EventTypes.InteractionEventType;
type Viewport = CoreTypes.IEnabledElement['viewport'];

const { MOUSE_DRAG, MOUSE_UP, MOUSE_CLICK, TOUCH_DRAG, TOUCH_END } = Enums.Events;
const MOVES = [MOUSE_DRAG, TOUCH_DRAG];
/** A quick drag ends as a click in Cornerstone. */
const ENDS = [MOUSE_UP, MOUSE_CLICK, TOUCH_END];
/** Room for the words beside the pointer, CSS px. */
const WORDS_WIDTH = 170;
/** Shorter than this it is a click, CSS px. */
const SHORTEST_DRAG = 4;

/** The box tool in a plane across the slices: a drag says how far the lesion goes. */
export interface RangeGesture {
  /** Takes a press in a plane across the slices; false where it is none of this. */
  begin(event: InteractionEvent): boolean;
  /** What is being drawn, and else what box and range take in, where the view cuts them. */
  draw(viewport: Viewport, svg: Types.SVGDrawingHelper): boolean;
}

export function createRangeGesture(prompts: () => PromptPort | undefined): RangeGesture {
  let drag: { readonly viewportId: string; readonly from: PatientPoint; to: PatientPoint } | undefined;
  const redraw = ({ id }: Viewport): void => utilities.triggerAnnotationRenderForViewportIds([id]);

  /** The slices that a view of the open series cuts through; undefined where it shows them, another series or nothing. */
  function groundAcross(viewport: Viewport) {
    const ground = prompts()?.ground();
    const { viewPlaneNormal: normal, focalPoint } = viewport.getCamera();
    if (ground === undefined || !normal || !focalPoint || !cutsSlices(ground.stack, normal)) return undefined;
    // A host may show another series in that direction: its positions need not be those of the open one.
    const showsIt = viewport.getActors().length > 0 && viewport.getImageIds().includes(ground.imageIds[0] ?? '');
    return showsIt ? { stack: ground.stack, normal, focalPoint } : undefined;
  }

  function begin(event: InteractionEvent): boolean {
    const { element, currentPoints } = event.detail;
    const viewport = getEnabledElement(element)?.viewport;
    if (viewport === undefined || groundAcross(viewport) === undefined) return false;
    event.preventDefault();
    const start = currentPoints.canvas;
    const from = patientPoint(...currentPoints.world);
    const onMove = (moved: Event): void => {
      const { canvas, world } = pointsOf(moved);
      const far = Math.hypot(canvas[0] - start[0], canvas[1] - start[1]) >= SHORTEST_DRAG;
      if (drag === undefined && !far) return;
      drag = { viewportId: viewport.id, from, to: patientPoint(...world) };
      redraw(viewport);
    };
    const onEnd = (): void => {
      for (const kind of MOVES) element.removeEventListener(kind, onMove);
      for (const kind of ENDS) element.removeEventListener(kind, onEnd);
      const drawn = drag;
      drag = undefined;
      redraw(viewport);
      const port = prompts();
      const stack = port?.ground()?.stack;
      if (port === undefined || stack === undefined || drawn === undefined) return;
      port.range(extentFromDrag(stack, drawn.from, drawn.to, port.extent()?.prompted ?? []));
    };
    for (const kind of MOVES) element.addEventListener(kind, onMove);
    for (const kind of ENDS) element.addEventListener(kind, onEnd);
    return true;
  }

  function draw(viewport: Viewport, svg: Types.SVGDrawingHelper): boolean {
    const ground = groundAcross(viewport);
    if (ground === undefined) return false;
    const { stack, normal, focalPoint } = ground;
    const known = prompts()?.extent();
    if (drag?.viewportId === viewport.id) {
      const { from, to } = drag;
      outline(viewport, svg, 'drag', dragCorners(stack, normal, from, to), true);
      const extent = extentFromDrag(stack, from, to, known?.prompted ?? []);
      const [x, y] = viewport.worldToCanvas([to[0], to[1], to[2]]);
      drawing.drawTextBox(
        svg,
        'voxprompt-range',
        'words',
        [
          extent.ok
            ? text.range.slices(extent.value.first, extent.value.last)
            : known === undefined
              ? text.range.noBox
              : text.range.refused,
        ],
        [Math.min(x + 12, viewport.element.clientWidth - WORDS_WIDTH), y],
        { color: extent.ok ? PROMPT_COLORS.box : PROMPT_COLORS.outside, padding: 0, background: 'rgba(0, 0, 0, 0.7)' },
      );
      return true;
    }
    if (known === undefined) return false;
    const corners = cutOfExtent(stack, known.box, known, patientPoint(...focalPoint), normal);
    outline(viewport, svg, 'extent', corners, known.given);
    return corners.length > 0;
  }

  return { begin, draw };
}

function outline(
  viewport: Viewport,
  svg: Types.SVGDrawingHelper,
  name: string,
  corners: readonly PatientPoint[],
  given: boolean,
): void {
  if (corners.length < 3) return;
  drawing.drawPath(
    svg,
    'voxprompt-range',
    name,
    corners.map(([x, y, z]) => viewport.worldToCanvas([x, y, z])),
    // Dashed where the reader has not said how far: it is only where the box is.
    { color: PROMPT_COLORS.box, lineWidth: 1.5, closePath: true, ...(given ? {} : { lineDash: '3,3' }) },
  );
}

/** Cornerstone's own events are CustomEvents with the points in them. */
function pointsOf(event: Event): { readonly canvas: CoreTypes.Point2; readonly world: CoreTypes.Point3 } {
  return (event as InteractionEvent).detail.currentPoints;
}
