import { appError } from '#core/errors.ts';
import { type SliceBox, type SlicePoint, slicePoint } from '#core/geometry/coordinates.ts';
import { err, ok, type Result } from '#core/result.ts';

/** A drag shorter than this on a side is a click, not a box; px. */
export const SMALLEST_BOX_SIDE = 2;

/** Width and height in px from outer edge to outer edge: a box over one pixel has 1 x 1, as its lesion does. */
export const boxExtent = ({ x0, y0, x1, y1 }: SliceBox): { readonly width: number; readonly height: number } => ({
  width: x1 - x0 + 1,
  height: y1 - y0 + 1,
});

export const boxCentre = ({ x0, y0, x1, y1 }: SliceBox): SlicePoint => slicePoint((x0 + x1) / 2, (y0 + y1) / 2);

/** The box with this centre and outer size, px. */
export const boxAround = ([x, y]: SlicePoint, width: number, height: number): SliceBox => ({
  x0: x - (width - 1) / 2,
  y0: y - (height - 1) / 2,
  x1: x + (width - 1) / 2,
  y1: y + (height - 1) / 2,
});

/** Moves each edge outwards by `share` of the box's width or height. */
export function expandBox(box: SliceBox, share: number): SliceBox {
  const { width, height } = boxExtent(box);
  return {
    x0: box.x0 - share * width,
    y0: box.y0 - share * height,
    x1: box.x1 + share * width,
    y1: box.y1 + share * height,
  };
}

/** The part of a box that lies on the image; undefined where there is none. */
export function clampBox(box: SliceBox, columns: number, rows: number): SliceBox | undefined {
  if (box.x1 < 0 || box.y1 < 0 || box.x0 > columns - 1 || box.y0 > rows - 1) return undefined;
  return {
    x0: Math.max(box.x0, 0),
    y0: Math.max(box.y0, 0),
    x1: Math.min(box.x1, columns - 1),
    y1: Math.min(box.y1, rows - 1),
  };
}

/**
 * A reader's drag as a box on the image, whichever way it was drawn. The drag runs along the outer edges of the lesion's
 * pixels, the box along their centres: it is half a pixel smaller on each side (a third of a PET lesion's pixels are on its
 * edge, so this half pixel counts).
 * @param from, to opposite corners, pixel centres at integers
 * @returns errors `box-not-finite`, `box-outside-image`, `box-too-small`
 */
export function boxFromDrag(
  from: SlicePoint,
  to: SlicePoint,
  image: { readonly columns: number; readonly rows: number },
): Result<SliceBox> {
  if (![...from, ...to].every(Number.isFinite)) {
    return err(appError('box-not-finite', 'A corner of the box is not a number.', { remedy: 'Draw the box again.' }));
  }
  const width = Math.abs(to[0] - from[0]);
  const height = Math.abs(to[1] - from[1]);
  if (width < SMALLEST_BOX_SIDE || height < SMALLEST_BOX_SIDE) {
    return err(
      appError('box-too-small', 'The box is smaller than two pixels.', {
        remedy: 'Zoom in, then drag over the whole lesion.',
      }),
    );
  }
  const centre = slicePoint((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
  return boxOnImage(boxAround(centre, width, height), image);
}

/**
 * The part of a box that lies on the image.
 * @returns error `box-outside-image`
 */
export function boxOnImage(
  box: SliceBox,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Result<SliceBox> {
  const kept = clampBox(box, columns, rows);
  if (kept !== undefined) return ok(kept);
  return err(
    appError('box-outside-image', 'The box lies outside the image.', {
      remedy: 'Draw the box on the lesion.',
      context: { columns, rows },
    }),
  );
}
