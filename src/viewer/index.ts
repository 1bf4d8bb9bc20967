export { createViewer } from './createViewer.ts';
export { VIEW_TOOLS } from './display/pointing.ts';
export type {
  BuiltInTool,
  Caliper,
  Companion,
  CursorReading,
  Layout,
  OwnPreset,
  Pane,
  PaneLink,
  SliceFailure,
  SlotInfo,
  Thumbnail,
  ValueRange,
  Viewer,
  ViewportSlot,
} from './viewer.ts';
export { LAYOUT_NAMES } from './viewer.ts';
