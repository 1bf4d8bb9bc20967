import { type DicomDataset, number, text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError } from '#core/errors.ts';
import type { Journal } from '#core/labelmap/journal.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Host, Predecessor, SegmentationRequest, StudySource } from '#extension-api';
import { joinsSeries } from '../model/revision.ts';
import { VOXPROMPT } from '../software.ts';
import type { SaveForm } from './saveState.ts';

/** Longest series description that DICOM holds (VR LO), characters. */
const LONGEST_DESCRIPTION = 64;
/** Series numbers of segmentations start here where the study's own cannot be read. */
export const FIRST_SERIES_NUMBER = 300;
/** Largest value of VR IS. */
const LARGEST_SERIES_NUMBER = 2 ** 31 - 1;

/** What is written, checked. */
export interface SaveContent {
  readonly series: ImageSeries;
  /** Segments with voxels only. */
  readonly labelmap: Labelmap;
  /** As it was: what is proved to be stored afterwards. */
  readonly journal: Journal;
  /** What it revises; undefined where it is an object of its own. */
  readonly predecessor: Predecessor | undefined;
}

/** What is written and where it goes. */
export interface SaveRequest extends SaveContent {
  readonly target: StudySource;
}

/** Segments by whether there is anything of them to save. */
export function savedSegments(labelmap: Labelmap): {
  readonly saved: readonly Segment[];
  readonly empty: readonly Segment[];
} {
  const has = ({ number: segment }: Segment): boolean => (labelmap.voxels.get(segment)?.size ?? 0) > 0;
  return {
    saved: labelmap.segments.filter(has),
    empty: labelmap.segments.filter((segment) => !has(segment)),
  };
}

export const storingSources = ({ sources }: Host): readonly StudySource[] => sources.filter(({ canStore }) => canStore);

/** The archive that the images came from, where it takes objects; else the first that does. */
export function defaultForm(host: Host): SaveForm {
  const targets = storingSources(host);
  const own = host.viewer.openSeries.getState()?.source.id;
  const { saved } = savedSegments(host.labelmap.state.getState().journal.labelmap);
  const names = saved.map(({ label }) => label).join(', ');
  return {
    targetId: (targets.find(({ id }) => id === own) ?? targets[0])?.id ?? '',
    seriesDescription: `Segmentation: ${names}`.slice(0, LONGEST_DESCRIPTION).trim(),
    seriesNumber: FIRST_SERIES_NUMBER,
    kind: 'BINARY',
    as: host.labelmap.state.getState().origin === undefined ? 'new-series' : 'revision',
  };
}

/** A series number above all of the study's, so that nothing filters the new series as a known one. */
export async function freeSeriesNumber(source: StudySource, studyInstanceUID: string): Promise<number> {
  const listed = await source.listSeries(studyInstanceUID).catch(() => undefined);
  if (listed === undefined || !listed.ok) return FIRST_SERIES_NUMBER;
  const used = listed.value.flatMap((dataset) => number(dataset, Tag.SeriesNumber) ?? []);
  return Math.min(LARGEST_SERIES_NUMBER, Math.max(FIRST_SERIES_NUMBER - 1, ...used) + 1);
}

/**
 * Whether the work and the form can be written at all.
 * @returns errors `nothing-open`, `nothing-to-save`, `bad-series-description`, `bad-series-number`
 */
export function saveContent(host: Host, form: SaveForm): Result<SaveContent> {
  const open = host.viewer.openSeries.getState();
  const { journal, origin } = host.labelmap.state.getState();
  const { saved } = savedSegments(journal.labelmap);
  if (open === undefined) return refuse('nothing-open', 'No series is open.', 'Open the images of the segmentation.');
  if (saved.length === 0) {
    return refuse('nothing-to-save', 'No segment has a voxel yet.', 'Accept a lesion or paint one, then save.');
  }
  const { length } = form.seriesDescription.trim();
  if (length === 0 || length > LONGEST_DESCRIPTION || form.seriesDescription.includes('\\')) {
    return refuse(
      'bad-series-description',
      'The description must have 1 to 64 characters and no backslash.',
      'Change it, then save again.',
    );
  }
  const { seriesNumber } = form;
  if (!Number.isInteger(seriesNumber) || seriesNumber < 1 || seriesNumber > LARGEST_SERIES_NUMBER) {
    return refuse(
      'bad-series-number',
      'The series number must be a whole number above 0.',
      'Change it, then save again.',
    );
  }
  const predecessor = form.as === 'new-series' || origin === undefined ? undefined : { header: origin };
  return ok({ series: open.series, labelmap: { ...journal.labelmap, segments: saved }, journal, predecessor });
}

/** What the format is asked to write. */
export const formatRequest = (
  { series, labelmap, predecessor }: SaveContent,
  { seriesDescription, seriesNumber, kind }: SaveForm,
): SegmentationRequest => ({
  series,
  labelmap,
  seriesDescription: seriesDescription.trim(),
  seriesNumber,
  kind,
  predecessor,
  now: new Date(),
});

/** Whether a revision joins the series of what it revises; else it opens one of its own. */
export const joinsPredecessor = (series: ImageSeries, header: DicomDataset): boolean =>
  joinsSeries(series, VOXPROMPT, header);

/**
 * The same content with the highest instance number of the series that it joins, where the archive tells: revisions of the same
 * object may have been stored since it was loaded.
 */
export async function numbered(request: SaveRequest, signal: AbortSignal): Promise<SaveRequest> {
  const { target, series, predecessor } = request;
  if (predecessor === undefined || !joinsPredecessor(series, predecessor.header)) return request;
  const seriesUID = text(predecessor.header, Tag.SeriesInstanceUID) ?? '';
  const answer = await target.seriesHeaders(series.studyInstanceUID, seriesUID, { signal }).catch(() => undefined);
  if (answer === undefined || !answer.ok) return request;
  const used = [predecessor.header, ...answer.value].flatMap((header) => number(header, Tag.InstanceNumber) ?? []);
  return used.length === 0
    ? request
    : { ...request, predecessor: { ...predecessor, lastInstanceNumber: Math.max(...used) } };
}

/** The same with its archive. Errors: those of {@link saveContent} and `no-archive`. */
export function saveRequest(host: Host, form: SaveForm): Result<SaveRequest> {
  const content = saveContent(host, form);
  if (!content.ok) return content;
  const target = storingSources(host).find(({ id }) => id === form.targetId);
  return target === undefined
    ? refuse('no-archive', 'There is no archive that takes objects.', 'Download the file instead.')
    : ok({ ...content.value, target });
}

const refuse = (code: string, message: string, remedy: string): { readonly ok: false; readonly error: AppError } =>
  err(appError(code, message, { remedy }));
