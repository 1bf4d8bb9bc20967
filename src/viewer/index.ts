export { createViewer } from './createViewer.ts';
export type { BuiltInTool, Layout, SliceFailure, SlotInfo, Viewer, ViewportSlot } from './viewer.ts';
