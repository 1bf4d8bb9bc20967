import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { AppError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { CallOptions } from './state.ts';

export interface StudyQuery {
  /** Matched against patient name and ID, with wildcards at both ends. */
  readonly text?: string;
  /** Matched against the study description, with wildcards at both ends. */
  readonly description?: string;
  readonly modality?: string;
  /** DICOM DA range, 'YYYYMMDD-YYYYMMDD', either end open. */
  readonly dateRange?: string;
  readonly offset: number;
  readonly limit: number;
}

/** Where the pixels of a frame are; the viewer turns it into an image id. */
export type PixelLocation =
  | {
      readonly kind: 'wado-rs';
      readonly frameUrl: string;
      /** Fetches it as the source fetches everything: again where a failure may pass, with the reader's credentials. */
      readonly read?: (
        options: CallOptions,
      ) => Promise<Result<{ readonly bytes: Uint8Array; readonly contentType: string }>>;
    }
  | { readonly kind: 'part10'; readonly blob: Blob; readonly frameNumber: number };

/** What the archive said of one stored object: its own verdict from the response body, not the HTTP status. */
export type StoreOutcome =
  | { readonly kind: 'stored'; readonly warnings: readonly string[] }
  /** Not stored; the archive gave a reason. */
  | { readonly kind: 'refused'; readonly error: AppError }
  /** The answer was lost or says nothing of our object: ask for the UID before anything else. */
  | { readonly kind: 'ambiguous'; readonly error: AppError };

/** Where studies come from and segmentations go to: a DICOMweb archive, or files dropped on the window. */
export interface StudySource {
  readonly id: string;
  /** Shown to the reader: 'Embedded archive', 'PACS', 'Local files'. */
  readonly label: string;
  readonly canStore: boolean;
  /** Study-level data sets as QIDO-RS gives them (PS3.18 10.6). */
  searchStudies(query: StudyQuery, options?: CallOptions): Promise<Result<readonly DicomDataset[]>>;
  /** Series-level data sets of a study. */
  listSeries(studyInstanceUID: string, options?: CallOptions): Promise<Result<readonly DicomDataset[]>>;
  /** Headers of all instances of a series, without pixels. */
  seriesHeaders(
    studyInstanceUID: string,
    seriesInstanceUID: string,
    options?: CallOptions,
  ): Promise<Result<readonly DicomDataset[]>>;
  /** @param frameNumber 1-based */
  pixels(header: DicomDataset, frameNumber: number): PixelLocation;
  /** One instance as a Part-10 file, in the transfer syntax in which it is stored. */
  retrieve(
    studyInstanceUID: string,
    seriesInstanceUID: string,
    sopInstanceUID: string,
    options?: CallOptions,
  ): Promise<Result<Uint8Array>>;
  /** Stores one Part-10 object. Never retried here. Progress in bytes sent. */
  store(part10: Uint8Array, studyInstanceUID: string, options?: CallOptions): Promise<StoreOutcome>;
}

/** A file that could not be used, and why. */
export interface RefusedFile {
  readonly name: string;
  readonly error: AppError;
}

/** Turns files into a source: contributed by local-files. */
export interface FileImporter {
  read(
    files: readonly File[] | DataTransfer,
    options?: CallOptions,
  ): Promise<{ readonly source: StudySource; readonly refused: readonly RefusedFile[] }>;
}
