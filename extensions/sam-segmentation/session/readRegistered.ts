import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { type Registration, registration } from '#core/dicom/registration.ts';
import { ok, type Result } from '#core/result.ts';
import type { OpenSeries, ViewerPort } from '#extension-api';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import type { RegisteredSource } from '../segmenter/registeredSource.ts';
import { recipeWindow } from './modelWindow.ts';
import { sourceOfSeries } from './sourceOfSeries.ts';

/** Why a series cannot have a say: nothing says where the same place lies in it. */
export type Apart = Extract<Registration, { kind: 'apart' }>['reason'];

/**
 * Reads another series of the open study as one that lies beside the open one; its memory is given back when `signal` is aborted.
 * @returns errors of the source, of imageSeriesOf and of the pixels. Rejects where it is cancelled.
 */
export async function readRegistered(
  viewer: Pick<ViewerPort, 'readBeside'>,
  { source, series: beside }: OpenSeries,
  seriesInstanceUID: string,
  manifest: VolumeManifest,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (done: number, total?: number) => void },
): Promise<Result<RegisteredSource | { readonly reason: Apart }>> {
  const headers = await source.seriesHeaders(beside.studyInstanceUID, seriesInstanceUID, { signal });
  if (!headers.ok) return headers;
  const series = imageSeriesOf(headers.value);
  if (!series.ok) return series;
  const place = registration(beside, series.value);
  if (place.kind === 'apart') return ok({ reason: place.reason });
  const slices = await viewer.readBeside!(source, series.value, { signal, onProgress });
  if (!slices.ok) return slices;
  const window = await recipeWindow(manifest, { series: series.value }, slices.value, { signal, onProgress: () => {} });
  if (!window.ok) {
    slices.value.release();
    return window;
  }
  const { shift } = place;
  return ok({ id: seriesInstanceUID, shift, source: sourceOfSeries(series.value, window.value, slices.value) });
}
