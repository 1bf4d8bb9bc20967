import { PanTool, ProbeTool, StackScrollTool, ZoomTool } from '@cornerstonejs/tools';
import { type BrushPort, brushTool } from './brushTool.ts';
import { type CaliperPort, caliperTool } from './caliperTool.ts';
import { type CrosshairsPort, crosshairsTool } from './crosshairsTool.ts';
import type { OwnTool } from './toolGroups.ts';
import { type WindowLevelPort, windowLevelTool } from './windowLevelTool.ts';

/** The tools of {@link BuiltInTool}. */
export function builtInTools(ports: {
  /** Modality value with its unit, for the probe; undefined outside the series. */
  readonly valueText: (i: number, j: number, k: number) => string | undefined;
  readonly window: WindowLevelPort;
  readonly crosshairs: CrosshairsPort;
  readonly brush: BrushPort;
  readonly caliper: CaliperPort;
  readonly measuring: readonly OwnTool[];
}): readonly OwnTool[] {
  return [
    { name: 'WindowLevel', toolClass: windowLevelTool(ports.window), reformats: true },
    { name: 'Pan', toolClass: PanTool, reformats: true },
    { name: 'Zoom', toolClass: ZoomTool, reformats: true },
    { name: 'StackScroll', toolClass: StackScrollTool, reformats: true },
    { name: 'Crosshairs', toolClass: crosshairsTool(ports.crosshairs), reformats: true },
    { name: 'Caliper', toolClass: caliperTool(ports.caliper), reformats: false },
    ...ports.measuring,
    {
      name: 'Probe',
      toolClass: ProbeTool,
      reformats: true,
      configuration: { getTextLines: probeText(ports.valueText) },
    },
    { name: 'Brush', toolClass: brushTool('Brush', ports.brush), reformats: false },
    { name: 'Eraser', toolClass: brushTool('Eraser', ports.brush), reformats: false },
    { name: 'ThresholdBrush', toolClass: brushTool('ThresholdBrush', ports.brush), reformats: false },
  ];
}

interface ProbeData {
  readonly cachedStats: Readonly<Record<string, { readonly index?: readonly [number, number, number] }>>;
}

/** Cornerstone's own text has no value on a stack: it asks a single image for voxel k. Voxels are counted from 0, as in DICOM. */
const probeText =
  (valueText: (i: number, j: number, k: number) => string | undefined) =>
  (data: ProbeData, targetId: string): readonly string[] | undefined => {
    const index = data.cachedStats[targetId]?.index;
    const text = index && valueText(...index);
    return index && text !== undefined ? [text, `(${index.join(', ')})`] : undefined;
  };
