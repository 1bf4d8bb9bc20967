import type { Types as CoreTypes } from '@cornerstonejs/core';
import { annotation, drawing, RectangleROITool, type Types } from '@cornerstonejs/tools';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { SamTool } from '../session/toolNames.ts';
import { PROMPT_COLORS } from './promptColors.ts';
import { mayPrompt } from './promptGestures.ts';
import { locate, type PromptPort } from './promptPort.ts';
import type { RangeGesture } from './rangeGesture.ts';

type InteractionEvent = Types.EventTypes.InteractionEventType;

/**
 * A box prompt: drawn by a drag in any direction or by two clicks, with handles, without statistics. The box is a prompt of the
 * session; the annotation is only how it is drawn. Configuration: `prompts`, a {@link PromptPort}, and `across`, a {@link RangeGesture}
 * for views across the slices, where a host has them.
 */
export class SamBoxTool extends RectangleROITool {
  static override toolName: string = SamTool.box;

  constructor(toolProps: Types.PublicToolProps = {}) {
    super(toolProps, {
      supportedInteractionTypes: ['Mouse', 'Touch'],
      configuration: {
        calculateStats: false,
        getTextLines: () => null,
        preventHandleOutsideImage: false,
        shadow: false,
        storePointData: false,
      },
    });
    const { _endCallback: end, _dragCallback: drag, renderAnnotation: render } = this;
    this._dragCallback = (event) => {
      drag(event);
      const held = this.editData;
      if (held !== null && !held.newAnnotation) this.#publish(held.annotation, true);
    };
    this._endCallback = (event) => {
      const held = this.editData;
      end(event);
      // A click without a drag leaves the corner in hand: the next click ends the box.
      if (held?.hasMoved && this.editData === null) this.#publish(held.annotation, false);
    };
    this.renderAnnotation = (enabledElement, svg) => {
      const drawn = render(enabledElement, svg);
      this.#drawHandles(enabledElement, svg);
      return this.#across?.draw(enabledElement.viewport, svg) || drawn;
    };
  }

  /** Refuses before anything is drawn. Touch falls back to it. */
  readonly preMouseDownCallback = (event: InteractionEvent): boolean =>
    this.#across?.begin(event) || !mayPrompt(this.#prompts, event);

  /** A prompt is undone through the session, not through Cornerstone's own history. */
  protected override createMemo(): void {}

  protected override getAnnotationStyle(context: Parameters<RectangleROITool['getAnnotationStyle']>[0]) {
    return { ...super.getAnnotationStyle(context), color: PROMPT_COLORS.box, lineWidth: 1.5, lineDash: '' };
  }

  get #across(): RangeGesture | undefined {
    return this.configuration.across;
  }

  get #prompts(): PromptPort | undefined {
    return this.configuration.prompts;
  }

  #publish({ data }: Types.Annotation, draft: boolean): void {
    const stack = this.#prompts?.ground()?.stack;
    if (stack === undefined) return;
    const corners = (data.handles?.points ?? []).flatMap((point) => locate(stack, point) ?? []);
    const [first] = corners;
    if (first === undefined || corners.length < 4) return;
    // All four, because the view may be rotated or flipped: the box is upright on the slice, not on the screen.
    const xs = corners.map(({ at }) => at[0]);
    const ys = corners.map(({ at }) => at[1]);
    const low = slicePoint(Math.min(...xs), Math.min(...ys));
    this.#prompts?.box(first.k, low, slicePoint(Math.max(...xs), Math.max(...ys)), draft);
  }

  /** Always drawn, unlike Cornerstone's: a box that does not show its handles does not look adjustable. */
  #drawHandles({ viewport }: CoreTypes.IEnabledElement, svg: Types.SVGDrawingHelper): void {
    const { element } = viewport;
    const all = annotation.state.getAnnotations(SamBoxTool.toolName, element);
    for (const { annotationUID, data } of this.filterInteractableAnnotationsForElement(element, all)) {
      const corners = (data.handles?.points ?? []).map((point) => viewport.worldToCanvas(point));
      const look = { color: PROMPT_COLORS.box, handleRadius: '4', fill: '#000000' };
      drawing.drawHandles(svg, annotationUID ?? '', 'corners', corners, look);
    }
  }
}
