import type { Types as CoreTypes } from '@cornerstonejs/core';
import { AnnotationDisplayTool, drawing, type Types } from '@cornerstonejs/tools';
import type { SlicePoint } from '#core/geometry/coordinates.ts';
import { type ImagePlane, sliceToPatient } from '#core/geometry/imagePlane.ts';
import type { Rgb } from '#core/labelmap/segment.ts';

/** Two lines across a lesion on one acquired slice, with what they measure. */
export interface Caliper {
  readonly k: number;
  readonly color: Rgb;
  readonly long: readonly [SlicePoint, SlicePoint];
  readonly short: readonly [SlicePoint, SlicePoint];
  /** '41.2 × 28.3 mm' */
  readonly label: string;
}

/** What the tool asks of the viewer: the slice in view and what is measured there. */
export interface CaliperPort {
  readonly shown: () => { readonly plane: ImagePlane; readonly calipers: readonly Caliper[] } | undefined;
}

/** Half the length of the bar at a caliper's end, px. */
const BAR = 4;
/** From the end of the long axis to the text, px. */
const TEXT_OFFSET = 8;

/** Draws diameters; they are measured from the mask, so they cannot be moved. */
export function caliperTool(port: CaliperPort) {
  return class CaliperTool extends AnnotationDisplayTool {
    static override toolName = 'Caliper';

    override renderAnnotation(enabled: CoreTypes.IEnabledElement, svg: Types.SVGDrawingHelper): boolean {
      const shown = port.shown();
      if (shown === undefined || shown.calipers.length === 0) return false;
      shown.calipers.forEach(({ color, long, short, label }, index) => {
        const canvas = (at: SlicePoint): CoreTypes.Point2 => {
          const [x, y, z] = sliceToPatient(shown.plane, at);
          return enabled.viewport.worldToCanvas([x, y, z]);
        };
        const look = { color: `rgb(${color.join(' ')})`, lineWidth: 1.5, shadow: true };
        for (const [name, ends] of [
          ['long', long],
          ['short', short],
        ] as const) {
          const [from, to] = [canvas(ends[0]), canvas(ends[1])];
          const uid = `caliper-${index}-${name}`;
          drawing.drawLine(svg, uid, 'axis', from, to, look);
          for (const [bar, at] of [
            ['from', from],
            ['to', to],
          ] as const) {
            const [dx, dy] = acrossLine(from, to);
            drawing.drawLine(svg, uid, bar, [at[0] - dx, at[1] - dy], [at[0] + dx, at[1] + dy], look);
          }
        }
        const right = [canvas(long[0]), canvas(long[1])].sort((a, b) => b[0] - a[0])[0]!;
        drawLabel(svg, `caliper-${index}-label`, label, [right[0] + TEXT_OFFSET, right[1]], look.color);
      });
      return true;
    }
  };
}

/** At right angles to a line, as long as a bar's half. */
function acrossLine(from: CoreTypes.Point2, to: CoreTypes.Point2): CoreTypes.Point2 {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  return [(-dy / length) * BAR, (dx / length) * BAR];
}

/** Cornerstone's own text comes with a style attribute, which the Content Security Policy forbids, and takes the mouse. */
function drawLabel(
  svg: Types.SVGDrawingHelper,
  uid: string,
  label: string,
  [x, y]: CoreTypes.Point2,
  color: string,
): void {
  const known = svg.getSvgNode(uid);
  const text = known ?? document.createElementNS('http://www.w3.org/2000/svg', 'text');
  const attributes = {
    x: `${x}`,
    y: `${y}`,
    fill: color,
    filter: `url(#shadow-${svg.svgLayerElement.id})`,
    'font-size': '12px',
    'font-family': 'Helvetica, Arial, sans-serif',
    'dominant-baseline': 'middle',
    'pointer-events': 'none',
  };
  for (const [name, value] of Object.entries(attributes)) text.setAttribute(name, value);
  text.textContent = label;
  if (known === undefined) svg.appendNode(text, uid);
  else svg.setNodeTouched(uid);
}
