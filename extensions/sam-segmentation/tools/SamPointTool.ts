import { annotation, drawing, ProbeTool, type Types } from '@cornerstonejs/tools';
import { SamTool } from '../session/toolNames.ts';
import { PROMPT_COLORS } from './promptColors.ts';
import { mayPrompt } from './promptGestures.ts';
import { locate, type PromptPort, type SliceLocation } from './promptPort.ts';

type InteractionEvent = Types.EventTypes.InteractionEventType;

/** A point prompt, drawn as a circle with its sign: told by shape, not by colour alone. */
abstract class SamPointTool extends ProbeTool {
  /** Where a point was when it was taken hold of. */
  #from: SliceLocation | undefined;

  constructor(toolProps: Types.PublicToolProps = {}) {
    super(toolProps, { configuration: { handleRadius: '6' } });
    const { _endCallback: end } = this;
    this._endCallback = (event) => {
      const held = this.editData;
      end(event);
      if (held === null) return;
      if (held.newAnnotation) this.#publish(held.annotation);
      else this.#publishMove(held.annotation);
    };
    this.renderAnnotation = ({ viewport }, svg) => {
      const all = annotation.state.getAnnotations(this.getToolName(), viewport.element);
      const shown = this.filterInteractableAnnotationsForElement(viewport.element, all);
      const color = this.inside ? PROMPT_COLORS.inside : PROMPT_COLORS.outside;
      for (const { annotationUID = '', data } of shown) {
        const [point] = data.handles?.points ?? [];
        if (point === undefined) continue;
        const [x, y] = viewport.worldToCanvas(point);
        drawing.drawCircle(svg, annotationUID, 'ring', [x, y], 6, { color, lineWidth: 2, fill: '#000000' });
        drawing.drawLine(svg, annotationUID, 'bar', [x - 3, y], [x + 3, y], { color, lineWidth: 2 });
        if (this.inside) drawing.drawLine(svg, annotationUID, 'post', [x, y - 3], [x, y + 3], { color, lineWidth: 2 });
      }
      return shown.length > 0;
    };
  }

  /** Whether the point says 'this belongs to the lesion'. */
  abstract get inside(): boolean;

  readonly preMouseDownCallback = (event: InteractionEvent): boolean => !mayPrompt(this.#prompts, event);

  override handleSelectedCallback(
    event: InteractionEvent,
    held: Types.ToolSpecificAnnotationTypes.ProbeAnnotation,
  ): void {
    this.#from = this.#locationOf(held);
    super.handleSelectedCallback(event, held);
  }

  protected override createMemo(): void {}

  get #prompts(): PromptPort | undefined {
    return this.configuration.prompts;
  }

  #locationOf({ data }: Types.Annotation): SliceLocation | undefined {
    const stack = this.#prompts?.ground()?.stack;
    const point = data.handles?.points?.[0];
    return stack === undefined || point === undefined ? undefined : locate(stack, point);
  }

  #publish(placed: Types.Annotation): void {
    const location = this.#locationOf(placed);
    // The session draws the points it takes; one that it refuses must not stay on the screen.
    annotation.state.removeAnnotation(placed.annotationUID ?? '');
    if (location !== undefined) this.#prompts?.point(location.k, location.at, this.inside);
  }

  #publishMove(moved: Types.Annotation): void {
    const to = this.#locationOf(moved);
    if (this.#from !== undefined && to !== undefined && to.k === this.#from.k) {
      this.#prompts?.movePoint(to.k, this.#from.at, to.at, this.inside);
    }
    this.#from = undefined;
  }
}

export class SamPointPositiveTool extends SamPointTool {
  static override toolName: string = SamTool.inside;
  override get inside(): boolean {
    return true;
  }
}

export class SamPointNegativeTool extends SamPointTool {
  static override toolName: string = SamTool.outside;
  override get inside(): boolean {
    return false;
  }
}
