import { LengthTool, PanTool, ProbeTool, StackScrollTool, ZoomTool } from '@cornerstonejs/tools';
import { type BrushPort, brushTool } from './brushTool.ts';
import { type CrosshairsPort, crosshairsTool } from './crosshairsTool.ts';
import type { OwnTool } from './toolGroups.ts';
import { type WindowLevelPort, windowLevelTool } from './windowLevelTool.ts';

/** The tools of {@link BuiltInTool}. */
export function builtInTools(ports: {
  readonly window: WindowLevelPort;
  readonly crosshairs: CrosshairsPort;
  readonly brush: BrushPort;
}): readonly OwnTool[] {
  return [
    { name: 'WindowLevel', toolClass: windowLevelTool(ports.window), reformats: true },
    { name: 'Pan', toolClass: PanTool, reformats: true },
    { name: 'Zoom', toolClass: ZoomTool, reformats: true },
    { name: 'StackScroll', toolClass: StackScrollTool, reformats: true },
    { name: 'Crosshairs', toolClass: crosshairsTool(ports.crosshairs), reformats: true },
    { name: 'Length', toolClass: LengthTool, reformats: true },
    { name: 'Probe', toolClass: ProbeTool, reformats: true },
    { name: 'Brush', toolClass: brushTool('Brush', ports.brush), reformats: false },
    { name: 'Eraser', toolClass: brushTool('Eraser', ports.brush), reformats: false },
  ];
}
