export { createViewer } from './createViewer.ts';
export type {
  BuiltInTool,
  Caliper,
  CursorReading,
  Layout,
  OwnPreset,
  SliceFailure,
  SlotInfo,
  Thumbnail,
  ValueRange,
  Viewer,
  ViewportSlot,
} from './viewer.ts';
