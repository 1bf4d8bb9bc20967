export { type AuthConfig, authOrigins, parseAuthConfig } from './authConfig.ts';
export type { Authorization, ExtensionServices } from './authorization.ts';
export type {
  AppConfig,
  Command,
  Contributions,
  Extension,
  Panel,
  PanelComponent,
  Tool,
} from './contributions.ts';
export type { Host, Notice, NoticePort } from './host.ts';
export type { DraftPort, OutboxObject, OutboxOutcome, OutboxPort } from './keeping.ts';
export type { LabelmapPort, LabelmapState, PendingStep, PendingWork, Preview } from './labelmap.ts';
export { pause } from './pause.ts';
export type {
  EncodedSegmentation,
  PlacedSegmentation,
  PlacingChoices,
  PlacingRefusal,
  Predecessor,
  SegmentationFormat,
  SegmentationNote,
  SegmentationRequest,
} from './segmentationFormat.ts';
export type { BesideSeries, OpenSeries, ViewerPort } from './series.ts';
export type { FileImporter, PixelLocation, RefusedFile, StoreOutcome, StudyQuery, StudySource } from './source.ts';
export type { CallOptions, ReadableState } from './state.ts';
export { withDeadline } from './withDeadline.ts';
