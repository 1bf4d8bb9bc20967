import type { IconName } from '#ui';
import type { BuiltInTool } from '#viewer';
import type { text } from '../text.ts';

/** A tool of the viewer as the toolbar shows it. */
export interface ToolbarTool {
  readonly toolName: BuiltInTool & keyof typeof text.tools;
  readonly icon: IconName;
  readonly shortcut: string;
  /** Writes voxels: not on a series that can only be viewed. */
  readonly edits: boolean;
}

export const NAVIGATION_TOOLS: readonly ToolbarTool[] = [
  { toolName: 'WindowLevel', icon: 'window-level', shortcut: 'w', edits: false },
  { toolName: 'Pan', icon: 'pan', shortcut: 'm', edits: false },
  { toolName: 'Zoom', icon: 'zoom', shortcut: 'z', edits: false },
  { toolName: 'StackScroll', icon: 'scroll', shortcut: 's', edits: false },
];

export const MEASURING_TOOLS: readonly ToolbarTool[] = [
  { toolName: 'Length', icon: 'length', shortcut: 'l', edits: false },
  { toolName: 'Bidirectional', icon: 'bidirectional', shortcut: 'Shift+m', edits: false },
  { toolName: 'EllipticalROI', icon: 'ellipse', shortcut: 'Shift+e', edits: false },
  { toolName: 'Angle', icon: 'angle', shortcut: 'Shift+g', edits: false },
];

export const EDIT_TOOLS: readonly ToolbarTool[] = [
  { toolName: 'Brush', icon: 'brush', shortcut: 'd', edits: true },
  { toolName: 'ThresholdBrush', icon: 'threshold-brush', shortcut: 'Shift+d', edits: true },
  { toolName: 'Eraser', icon: 'eraser', shortcut: 'e', edits: true },
];

/** Picture for a contributed tool, guessed from its name: an extension brings no pictures. */
export function iconOfTool(toolName: string): IconName {
  if (/box|rect/i.test(toolName)) return 'box';
  if (/negative|minus|exclude|background/i.test(toolName)) return 'point-minus';
  if (/positive|plus|include|point/i.test(toolName)) return 'point-plus';
  return 'tool';
}
