import { utilities as coreUtilities, getEnabledElements, metaData } from '@cornerstonejs/core';
import { annotation, type Types, utilities } from '@cornerstonejs/tools';
import { type PatientPoint, type SliceBox, type SlicePoint, slicePoint } from '#core/geometry/coordinates.ts';
import type { Stack } from '#core/geometry/stack.ts';
import { locate, placed } from './promptPort.ts';
import { SamBoxTool } from './SamBoxTool.ts';
import { SamPointNegativeTool, SamPointPositiveTool } from './SamPointTool.ts';

/** What is to be seen: the prompts of the session. */
export interface ShownPrompts {
  readonly stack: Stack;
  readonly imageIds: readonly string[];
  readonly slices: ReadonlyMap<
    number,
    {
      readonly box: SliceBox;
      readonly points: readonly { readonly at: SlicePoint; readonly inside: boolean }[];
      /** A painted slice has its mask to show; its box was never drawn. */
      readonly painted?: unknown;
    }
  >;
}

/** An annotation as it should be: tool, slice, corners on the slice. */
interface Wanted {
  readonly toolName: string;
  readonly k: number;
  readonly corners: readonly SlicePoint[];
}

const TOOL_NAMES: readonly string[] = [
  SamBoxTool.toolName,
  SamPointPositiveTool.toolName,
  SamPointNegativeTool.toolName,
];

/** Corners nearer than this are the same, px: far below what a screen can show, far above rounding. */
const SAME_PIXELS = 1e-3;

/** Makes Cornerstone's annotations equal to the prompts: adds what is missing, removes what is not there any more. */
export function showPrompts(prompts: ShownPrompts | undefined): void {
  const wanted = new Set(prompts === undefined ? [] : annotationsOf(prompts));
  let changed = false;
  for (const present of annotation.state.getAllAnnotations().filter(isPrompt)) {
    const match = [...wanted].find((candidate) => prompts !== undefined && shows(present, candidate, prompts.stack));
    if (match !== undefined) wanted.delete(match);
    else {
      annotation.state.removeAnnotation(present.annotationUID ?? '');
      changed = true;
    }
  }
  for (const missing of wanted) if (prompts !== undefined) add(missing, prompts);
  if (changed || wanted.size > 0) redrawPrompts();
}

/** Draws anew wherever images are shown. */
export const redrawPrompts = (): void =>
  utilities.triggerAnnotationRenderForViewportIds(getEnabledElements().map(({ viewportId }) => viewportId));

const isPrompt = ({ metadata }: Types.Annotation): boolean => TOOL_NAMES.includes(metadata?.toolName ?? '');

function annotationsOf({ slices }: ShownPrompts): readonly Wanted[] {
  return [...slices].flatMap(([k, { box, points, painted }]) => [
    ...(painted === undefined ? [{ toolName: SamBoxTool.toolName, k, corners: cornersOf(box) }] : []),
    ...points.map(({ at, inside }) => ({
      toolName: inside ? SamPointPositiveTool.toolName : SamPointNegativeTool.toolName,
      k,
      corners: [at],
    })),
  ]);
}

/**
 * The outer edges of the box's pixels, along which it is dragged (a {@link SliceBox} runs along their centres), in Cornerstone's
 * order: 0 and 3 are diagonal, 1 lies in the row of 0.
 */
const cornersOf = ({ x0, y0, x1, y1 }: SliceBox): readonly SlicePoint[] => [
  slicePoint(x0 - 0.5, y0 - 0.5),
  slicePoint(x1 + 0.5, y0 - 0.5),
  slicePoint(x0 - 0.5, y1 + 0.5),
  slicePoint(x1 + 0.5, y1 + 0.5),
];

/** Whether an annotation shows a prompt, however its corners are numbered: that depends on where the drag began. */
function shows({ metadata, data }: Types.Annotation, { toolName, k, corners }: Wanted, stack: Stack): boolean {
  if (metadata?.toolName !== toolName) return false;
  const points = data.handles?.points ?? [];
  return (
    points.length === corners.length &&
    points.every((point) => {
      const location = locate(stack, point);
      return location?.k === k && corners.some((corner) => near(corner, location.at));
    })
  );
}

const near = (a: SlicePoint, b: SlicePoint): boolean =>
  Math.abs(a[0] - b[0]) < SAME_PIXELS && Math.abs(a[1] - b[1]) < SAME_PIXELS;

function add({ toolName, k, corners }: Wanted, { stack, imageIds }: ShownPrompts): void {
  const referencedImageId = imageIds[k];
  if (referencedImageId === undefined) return;
  const FrameOfReferenceUID: string = metaData.get('imagePlaneModule', referencedImageId)?.frameOfReferenceUID ?? '';
  annotation.state.addAnnotation(
    {
      annotationUID: coreUtilities.uuidv4(),
      highlighted: false,
      invalidated: false,
      isLocked: false,
      isVisible: true,
      metadata: { toolName, FrameOfReferenceUID, referencedImageId, viewPlaneNormal: [...stack.normal] },
      data: {
        label: '',
        cachedStats: {},
        handles: { points: corners.map((corner) => worldOf(placed(stack, k, corner))), activeHandleIndex: null },
      },
    },
    FrameOfReferenceUID,
  );
}

const worldOf = ([x, y, z]: PatientPoint): [number, number, number] => [x, y, z];
