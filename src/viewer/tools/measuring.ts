import { eventTarget, type Types } from '@cornerstonejs/core';
import {
  AngleTool,
  annotation,
  BidirectionalTool,
  EllipticalROITool,
  Enums,
  LengthTool,
  type Types as ToolTypes,
  utilities,
} from '@cornerstonejs/tools';
import type { ValueScale } from '#core/dicom/valueScale.ts';
import type { PatientPoint } from '#core/geometry/coordinates.ts';
import { digits, text } from '../text.ts';
import type { OwnTool } from './toolGroups.ts';

/** Points that each tool takes, in the order of its handles. */
const POINTS: Readonly<Record<string, number>> = { Length: 2, Angle: 3, Bidirectional: 4, EllipticalROI: 4 };

/** What the measuring tools draw over the image; all of them Cornerstone's own. */
export interface Measuring {
  readonly tools: readonly OwnTool[];
  readonly measures: (toolName: string) => boolean;
  /** Adds a point to the measurement in the making, by key. @returns points still wanted */
  mark(toolName: string, viewportId: string, point: PatientPoint): number | undefined;
  /** Forgets the points of a measurement in the making. */
  abandon(): void;
  removeLast(): void;
  clear(): void;
  readonly count: () => number;
}

/**
 * @param scale in which values of an image are told, by its id
 * @param onCount called with how many there are whenever one comes or goes
 */
export function createMeasuring(
  scale: (imageId: string) => ValueScale | undefined,
  redraw: () => void,
  onCount: (count: number) => void,
): Measuring {
  let pending: { readonly toolName: string; readonly points: readonly Types.Point3[] } | undefined;
  const all = (): readonly ToolTypes.Annotation[] =>
    annotation.state
      .getAllAnnotations()
      .filter(({ metadata }) => metadata !== undefined && metadata.toolName in POINTS);
  const { ANNOTATION_ADDED, ANNOTATION_COMPLETED, ANNOTATION_REMOVED } = Enums.Events;
  const changed = (): void => onCount(all().length);
  for (const event of [ANNOTATION_ADDED, ANNOTATION_COMPLETED, ANNOTATION_REMOVED]) {
    eventTarget.addEventListener(event, changed);
  }

  return {
    tools: [
      { name: 'Length', toolClass: LengthTool, reformats: true },
      { name: 'Bidirectional', toolClass: BidirectionalTool, reformats: true },
      {
        name: 'EllipticalROI',
        toolClass: EllipticalROITool,
        reformats: true,
        configuration: { getTextLines: ellipseText(scale) },
      },
      { name: 'Angle', toolClass: AngleTool, reformats: true },
    ],
    count: () => all().length,
    measures: (toolName) => toolName in POINTS,
    mark: (toolName, viewportId, point) => {
      const wanted = POINTS[toolName];
      if (wanted === undefined) return undefined;
      const before = pending?.toolName === toolName ? pending.points : [];
      const points: readonly Types.Point3[] = [...before, [point[0], point[1], point[2]]];
      if (points.length < wanted) {
        pending = { toolName, points };
        return wanted - points.length;
      }
      pending = undefined;
      place(toolName, viewportId, points);
      redraw();
      return 0;
    },
    abandon: () => {
      pending = undefined;
    },
    removeLast: () => {
      const last = all().at(-1)?.annotationUID;
      if (last !== undefined) annotation.state.removeAnnotation(last);
      redraw();
    },
    clear: () => {
      for (const { annotationUID } of all()) {
        if (annotationUID !== undefined) annotation.state.removeAnnotation(annotationUID);
      }
      pending = undefined;
      redraw();
    },
  };
}

function place(toolName: string, viewportId: string, points: readonly Types.Point3[]): void {
  const [a, b, c, d] = points;
  if (toolName === 'Length') LengthTool.hydrate(viewportId, [...points]);
  else if (toolName === 'Angle') AngleTool.hydrate(viewportId, [...points]);
  else if (a && b && c && d && toolName === 'Bidirectional') {
    BidirectionalTool.hydrate(viewportId, [
      [a, b],
      [c, d],
    ]);
  } else if (toolName === 'EllipticalROI') EllipticalROITool.hydrate(viewportId, [...points]);
  utilities.triggerAnnotationRenderForViewportIds([viewportId]);
}

interface EllipseData {
  readonly cachedStats: Readonly<
    Record<string, Partial<Readonly<Record<'area' | 'mean' | 'stdDev' | 'min' | 'max', number>>>>
  >;
}

/** Cornerstone's own lines say 'raw' for every PET, and nothing of the range. */
const ellipseText =
  (scale: (imageId: string) => ValueScale | undefined) =>
  (data: EllipseData, targetId: string): readonly string[] | undefined => {
    const stats = data.cachedStats[targetId];
    if (stats?.area === undefined) return undefined;
    const { area, mean, stdDev, min, max } = stats;
    const { factor = 1, units = '', isSuv = false } = scale(targetId.replace(/^imageId:/, '')) ?? {};
    const words = (value: number): string => (isSuv ? (value * factor).toFixed(2) : digits(rounded(value * factor)));
    return [
      text.area(area),
      ...(mean === undefined || stdDev === undefined ? [] : [text.meanSd(words(mean), words(stdDev), units)]),
      ...(min === undefined || max === undefined ? [] : [text.range(words(min), words(max), units)]),
    ];
  };

/** One decimal place is all that a mean of whole numbers can be read to. */
const rounded = (value: number): number => Math.round(value * 10) / 10;
