import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { StudySource } from '#extension-api';
import { BULK_DATA_TYPES, MOST_VALUE_BYTES, withBulkData } from './bulkData.ts';
import { limited } from './limit.ts';
import { type Abilities, listSeries, searchStudies, seriesMetadata } from './query.ts';
import { type Access, OPEN_ACCESS, read } from './request.ts';
import { retrieveFrame, retrieveInstance } from './retrieve.ts';
import { storeInstance } from './store.ts';

/** Requests that one source has under way at a time; browsers allow six to an origin, and pixels need some of them. */
const PARALLEL = 4;

/** A DICOMweb archive as a source of studies. @param root address of its DICOMweb root, without a slash at the end */
export function dicomWebSource(id: string, label: string, root: string, access: Access = OPEN_ACCESS): StudySource {
  const queue = limited(PARALLEL);
  const abilities: Abilities = { fuzzyMatching: true };
  return {
    id,
    label,
    canStore: true,
    searchStudies: (query, options) =>
      queue(() => searchStudies(root, query, options, access, abilities), options?.signal),
    listSeries: (study, options) => queue(() => listSeries(root, study, options, access), options?.signal),
    async seriesHeaders(study, series, options) {
      const metadataUrl = `${root}/studies/${study}/series/${series}/metadata`;
      const signal = options?.signal;
      const headers = await queue(() => seriesMetadata(metadataUrl, options, access), signal);
      if (!headers.ok) return headers;
      const bulk: Access = { ...access, mostBytes: MOST_VALUE_BYTES };
      return withBulkData(headers.value, {
        root,
        metadataUrl,
        fetch: (address) => queue(() => read(address, BULK_DATA_TYPES, signal ? { signal } : {}, bulk), signal),
      });
    },
    pixels(header, frameNumber) {
      const [study, series, instance] = [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID].map((tag) =>
        text(header, tag),
      );
      const frameUrl = `${root}/studies/${study}/series/${series}/instances/${instance}/frames/${frameNumber}`;
      // Outside of the queue: the viewer fetches the visible slice first, and never more at a time than a browser opens.
      return { kind: 'wado-rs', frameUrl, read: (options) => retrieveFrame(frameUrl, options, access) };
    },
    retrieve: (study, series, instance, options) =>
      queue(() => retrieveInstance(root, [study, series, instance], options, access), options?.signal),
    store: (part10, study, options) =>
      queue(() => storeInstance(root, part10, study, options, access), options?.signal),
  };
}
