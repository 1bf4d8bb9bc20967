import type { DicomDataset } from '#core/dicom/dataset.ts';
import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import type { PixelLocation, StudySource } from '#extension-api';

export const headersOf = async (name: string): Promise<readonly DicomDataset[]> =>
  (await fetch(`headers/${name}`)).json();

/** The Part-10 files of a study, in the order of its headers. */
export const filesOf = (name: string, headers: readonly DicomDataset[]): Promise<readonly Blob[]> =>
  Promise.all(headers.map(async (_, index) => (await fetch(`part10/${name}/${index}`)).blob()));

/** A study as the test's server gives it: headers, and each instance as a Part-10 file or as a WADO-RS frame. */
export function sourceOf(
  name: string,
  kind: PixelLocation['kind'],
  headers: readonly DicomDataset[],
  files: readonly Blob[],
): StudySource {
  const indexOf = (header: DicomDataset): number => headers.indexOf(header);
  const none = async () => err(appError('not-here', 'Not part of this test.'));
  return {
    id: name,
    label: name,
    canStore: false,
    searchStudies: none,
    listSeries: none,
    retrieve: none,
    seriesHeaders: async () => ok(headers),
    pixels: (header, frameNumber) =>
      kind === 'part10'
        ? { kind, blob: files[indexOf(header)]!, frameNumber }
        : { kind, frameUrl: new URL(`frames/${name}/${indexOf(header)}`, location.href).href },
    store: async () => ({ kind: 'refused', error: appError('not-here', 'Not part of this test.') }),
  };
}
