export { createViewer } from './createViewer.ts';
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
