import { type DicomDataset, text } from '#core/dicom/dataset.ts';
import { matchesKeys } from '#core/dicom/queryMatching.ts';
import { groupedBy, seriesRecord, studyRecord } from '#core/dicom/queryRecords.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import type { StudySource } from '#extension-api';
import type { LocalInstance } from './readDropped.ts';

/** Dropped files as a source of studies: nothing is sent anywhere, and nothing can be stored. */
export function localSource(id: string, instances: readonly LocalInstance[]): StudySource {
  const headers = instances.map(({ dataset }) => dataset);
  const byInstance = new Map(instances.map((instance) => [text(instance.dataset, Tag.SOPInstanceUID), instance]));
  const within = (studyInstanceUID: string): readonly DicomDataset[] =>
    headers.filter((header) => text(header, Tag.StudyInstanceUID) === studyInstanceUID);
  return {
    id,
    label: 'Local files',
    canStore: false,
    async searchStudies({ text: wanted = '', description = '', modality = '', dateRange = '', offset, limit }) {
      const keys = new Map<string, string>([
        [Tag.ModalitiesInStudy, modality],
        [Tag.StudyDate, dateRange],
        [Tag.StudyDescription, description === '' ? '' : `*${description}*`],
      ]);
      const either = wanted === '' ? '' : `*${wanted}*`;
      const studies = [...groupedBy(headers, Tag.StudyInstanceUID).values()].map(studyRecord).filter((study) => {
        const named = [Tag.PatientName, Tag.PatientID].some((tag) => matchesKeys(study, new Map([[tag, either]])));
        return named && matchesKeys(study, keys);
      });
      return ok(studies.slice(offset, offset + limit));
    },
    async listSeries(studyInstanceUID) {
      return ok([...groupedBy(within(studyInstanceUID), Tag.SeriesInstanceUID).values()].map(seriesRecord));
    },
    async seriesHeaders(studyInstanceUID, seriesInstanceUID) {
      return ok(within(studyInstanceUID).filter((header) => text(header, Tag.SeriesInstanceUID) === seriesInstanceUID));
    },
    pixels(header, frameNumber) {
      const instance = byInstance.get(text(header, Tag.SOPInstanceUID));
      if (instance === undefined) throw new Error('the header is not from this source');
      return { kind: 'part10', blob: instance.blob, frameNumber };
    },
    async retrieve(_study, _series, sopInstanceUID) {
      const instance = byInstance.get(sopInstanceUID);
      if (instance === undefined) return err(gone());
      return instance.blob.arrayBuffer().then(
        (buffer) => ok(new Uint8Array(buffer)),
        (thrown: unknown) => err(gone(thrown)),
      );
    },
    async store() {
      return {
        kind: 'refused',
        error: appError('not-an-archive', 'Local files cannot take a segmentation.', {
          remedy: 'Download it instead.',
        }),
      };
    },
  };
}

const gone = (cause?: unknown): AppError =>
  appError('file-gone', 'The dropped file is no longer there.', { remedy: 'Drop it again.', cause });
