import { type PatientPoint, patientPoint, type SliceBox, type SlicePoint } from '#core/geometry/coordinates.ts';
import { distanceToPlane, patientToSlice, sliceToPatient } from '#core/geometry/imagePlane.ts';
import type { Stack } from '#core/geometry/stack.ts';
import { dot } from '#core/geometry/vector.ts';
import type { Result } from '#core/result.ts';
import type { SliceExtent } from '../prompt/sliceRange.ts';
import { type LesionPrompts, promptedSlices } from '../session/lesionPrompts.ts';

/** Where a point of the patient lies in the open series. */
export interface SliceLocation {
  readonly k: number;
  readonly at: SlicePoint;
}

/** The box round all boxes, and from where to where. */
export interface PromptedExtent extends SliceExtent {
  readonly box: SliceBox;
  readonly prompted: readonly number[];
  /** Whether the reader gave an end; else the slices are those with a box. */
  readonly given: boolean;
}

/**
 * What the tools need of whoever keeps the prompts. Plain functions without `this`: Cornerstone merges a tool's configuration
 * into an object of its own.
 */
export interface PromptPort {
  /** Slices of the open series, by image id; undefined where nothing may be prompted. */
  readonly ground: () => { readonly stack: Stack; readonly imageIds: readonly string[] } | undefined;
  /** A box between two corners, however it was dragged. `draft` while a handle is held. */
  readonly box: (k: number, from: SlicePoint, to: SlicePoint, draft: boolean) => void;
  readonly point: (k: number, at: SlicePoint, inside: boolean) => void;
  /** A point was taken hold of and put elsewhere. */
  readonly movePoint: (k: number, from: SlicePoint, to: SlicePoint, inside: boolean) => void;
  /** A drag across the slices: how far the lesion goes, or why that cannot be. */
  readonly range: (extent: Result<SliceExtent>) => void;
  /** What has been said of the lesion, as seen across the slices; undefined where nothing has. */
  readonly extent: () => PromptedExtent | undefined;
  /** A gesture that cannot become a prompt. */
  readonly refuse: (reason: 'not-the-acquisition-plane' | 'nothing-open') => void;
}

/** Cosine between the view's normal and the stack's above which a view shows the slices as they were acquired (2.5 degrees). */
const SAME_PLANE_COSINE = 0.999;

export const showsAcquisitionPlane = (stack: Stack, viewPlaneNormal: readonly [number, number, number]): boolean =>
  Math.abs(dot(stack.normal, viewPlaneNormal)) >= SAME_PLANE_COSINE;

/** The slice nearest to a point, and the point on it; undefined beyond half a slice distance from all of them. */
export function locate(stack: Stack, world: readonly number[]): SliceLocation | undefined {
  const point = patientPoint(world[0]!, world[1]!, world[2]!);
  let k = -1;
  let nearest = Number.POSITIVE_INFINITY;
  stack.planes.forEach((plane, index) => {
    const distance = Math.abs(distanceToPlane(plane, point));
    if (distance < nearest) {
      nearest = distance;
      k = index;
    }
  });
  const plane = stack.planes[k];
  const reach = (stack.sliceSpacing ?? 2) / 2 + 1e-3;
  return plane === undefined || nearest > reach ? undefined : { k, at: patientToSlice(plane, point) };
}

export const placed = (stack: Stack, k: number, at: SlicePoint): PatientPoint => sliceToPatient(stack.planes[k]!, at);

/** The box round all that the reader has drawn, from the given ends or the outermost drawn slices. */
export function promptedExtent(prompts: LesionPrompts): PromptedExtent {
  const prompted = promptedSlices(prompts);
  const boxes = [...prompts.slices.values()].map(({ box }) => box);
  const { first, last } = prompts.range;
  return {
    box: {
      x0: Math.min(...boxes.map(({ x0 }) => x0)),
      y0: Math.min(...boxes.map(({ y0 }) => y0)),
      x1: Math.max(...boxes.map(({ x1 }) => x1)),
      y1: Math.max(...boxes.map(({ y1 }) => y1)),
    },
    first: first ?? Math.min(...prompted),
    last: last ?? Math.max(...prompted),
    prompted,
    given: first !== undefined || last !== undefined,
  };
}
