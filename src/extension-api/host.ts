import type { AppError } from '#core/errors.ts';
import type { AppConfig } from './contributions.ts';
import type { DraftPort, OutboxPort } from './keeping.ts';
import type { LabelmapPort } from './labelmap.ts';
import type { SegmentationFormat } from './segmentationFormat.ts';
import type { ViewerPort } from './series.ts';
import type { FileImporter, StudySource } from './source.ts';

export type Notice =
  | { readonly kind: 'info' | 'success' | 'warning'; readonly title: string; readonly detail?: string }
  | { readonly kind: 'error'; readonly error: AppError };

export interface NoticePort {
  /** Shown until dismissed (errors, warnings) or for some seconds; always announced to screen readers. */
  show(notice: Notice): void;
  /** Announced to screen readers only (aria-live polite): progress. */
  announce(text: string): void;
}

/** What the host gives an extension; nothing else is shared. */
export interface Host {
  readonly config: AppConfig;
  readonly viewer: ViewerPort;
  readonly labelmap: LabelmapPort;
  readonly notices: NoticePort;
  readonly sources: readonly StudySource[];
  readonly fileImporter: FileImporter | undefined;
  readonly segmentationFormat: SegmentationFormat | undefined;
  /** Absent where nothing can be kept: a host without storage. */
  readonly drafts?: DraftPort | undefined;
  readonly outbox?: OutboxPort | undefined;
  /** Runs a command by id where it is enabled. */
  runCommand(id: string): void;
  /** Asks the study browser to read the series list of the open study again (something was stored). */
  refreshStudy(): void;
}
