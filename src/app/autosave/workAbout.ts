import { text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { OpenSeries } from '#extension-api';
import { patientBanner } from '../series/patient.ts';

/** Which series kept work belongs to; sealed, because it names the patient. */
export interface WorkAbout {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sourceId: string;
  readonly patient: string;
  readonly description: string;
  /** One for each slice k: the image that it was drawn on. */
  readonly frames: readonly string[];
}

export const frameNames = ({ frames }: ImageSeries): readonly string[] =>
  frames.map(({ sopInstanceUID, frameNumber }) =>
    frameNumber === undefined ? sopInstanceUID : `${sopInstanceUID}#${frameNumber}`,
  );

export function workAbout({ series, source }: OpenSeries): WorkAbout {
  const header = series.frames[0]?.dataset ?? {};
  const { name, id, studyDate } = patientBanner(header);
  return {
    studyInstanceUID: series.studyInstanceUID,
    seriesInstanceUID: series.seriesInstanceUID,
    sourceId: source.id,
    patient: name ?? id ?? '',
    description: [series.modality, text(header, Tag.SeriesDescription), studyDate].filter(Boolean).join(' · '),
    frames: frameNames(series),
  };
}

export const scopeText = ({ studyInstanceUID, seriesInstanceUID }: WorkAbout | ImageSeries): string =>
  `${studyInstanceUID}|${seriesInstanceUID}`;

/** @returns undefined where it is not what we write */
export function parseAbout(value: unknown): WorkAbout | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const about = value as Partial<Record<keyof WorkAbout, unknown>>;
  const { studyInstanceUID, seriesInstanceUID, sourceId, patient, description, frames } = about;
  const isText = (member: unknown): member is string => typeof member === 'string';
  if (!isText(studyInstanceUID) || !isText(seriesInstanceUID) || !isText(sourceId)) return undefined;
  if (!isText(patient) || !isText(description) || !Array.isArray(frames) || !frames.every(isText)) return undefined;
  return { studyInstanceUID, seriesInstanceUID, sourceId, patient, description, frames };
}

/**
 * The same voxels on the slices of the series as it is now: images may have come or gone since. Slices go by their image,
 * never by their number.
 * @returns error `series-has-changed` where an image that was drawn on is missing, or the matrix is another one
 */
export function onPresentSlices(
  labelmap: Labelmap,
  drawnOn: readonly string[],
  now: readonly string[],
  size: Labelmap['size'],
): Result<Labelmap> {
  const changed = err(
    appError('series-has-changed', 'The series no longer has the images that this work was drawn on.', {
      remedy: 'The work stays stored; open the series as it was, or discard the work.',
    }),
  );
  if (size.columns !== labelmap.size.columns || size.rows !== labelmap.size.rows) return changed;
  const place = new Map(now.map((name, k) => [name, k]));
  const voxels = new Map<number, ReadonlyMap<number, SliceMask>>();
  for (const [segment, slices] of labelmap.voxels) {
    const moved = new Map<number, SliceMask>();
    for (const [k, mask] of slices) {
      const to = place.get(drawnOn[k] ?? '');
      if (to === undefined) return changed;
      moved.set(to, mask);
    }
    voxels.set(segment, moved);
  }
  return ok({ size, segments: labelmap.segments, voxels });
}
