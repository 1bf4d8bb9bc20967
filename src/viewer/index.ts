export { createViewer } from './createViewer.ts';
export type {
  BuiltInTool,
  Caliper,
  CursorReading,
  Layout,
  SliceFailure,
  SlotInfo,
  Thumbnail,
  ValueRange,
  Viewer,
  ViewportSlot,
} from './viewer.ts';
