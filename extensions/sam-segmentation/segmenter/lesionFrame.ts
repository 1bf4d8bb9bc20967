import type { SliceBox } from '#core/geometry/coordinates.ts';
import { type ModelFrame, type RegionOfInterest, regionAround } from '../preprocess/modelFrame.ts';
import { boxExtent, expandBox } from '../prompt/sliceBox.ts';

/** Room that each box must have inside the region, as a share of its size: the decoder looks beyond the edge it draws. */
const ROOM = 0.1;

/**
 * The frame in which a lesion is encoded: the region of its largest box, widened where another box would stick out. A frame that
 * already holds all boxes is kept, so that a correction does not cost every slice's embedding.
 * @param boxes at least one
 */
export function lesionFrame(
  boxes: readonly SliceBox[],
  input: { readonly size: number; readonly factor: number },
  present?: ModelFrame,
): ModelFrame {
  if (present?.size === input.size && boxes.every((box) => fitsFrame(box, present))) return present;
  const longer = (box: SliceBox): number => Math.max(boxExtent(box).width, boxExtent(box).height);
  const key = boxes.reduce((best, box) => (longer(box) > longer(best) ? box : best));
  const region = regionAround(key, input.factor);
  const missing = Math.max(0, ...boxes.map((box) => overhang(box, region)));
  return { region: { ...region, side: region.side + 2 * missing }, size: input.size };
}

/** Whether the box, with the room that the decoder needs round it, lies in the frame. */
export const fitsFrame = (box: SliceBox, { region }: ModelFrame): boolean => overhang(box, region) <= 0;

/** How far the box with its room reaches beyond the region, px; negative or 0 where it fits. */
function overhang(box: SliceBox, { centre, side }: RegionOfInterest): number {
  const { x0, y0, x1, y1 } = expandBox(box, ROOM);
  const [x, y] = centre;
  const half = side / 2 - 0.5;
  return Math.max(x - half - x0, x1 - x - half, y - half - y0, y1 - y - half);
}
