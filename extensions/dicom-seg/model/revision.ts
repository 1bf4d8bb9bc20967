import { type DicomDataset, items, number, text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { element, longString, sequence } from './element.ts';
import { type Software, sameEquipment } from './equipment.ts';
import type { Moment } from './moment.ts';
import { SegTag } from './tags.ts';

/** What the reader calls the object, and when it is written. */
export interface SegmentationContent {
  readonly seriesDescription: string;
  /** Unique in the study. */
  readonly seriesNumber: number;
  /** Code String, 16 characters; made one where it is not. */
  readonly contentLabel: string;
  readonly contentDescription?: string;
  /** Person Name, 'Family^Given': a person, never a model. */
  readonly creatorName?: string;
  readonly moment: Moment;
  /** Of a revision in its predecessor's series; one above the predecessor's where absent. */
  readonly instanceNumber?: number;
}

export interface SeriesPlace {
  readonly seriesInstanceUID: string;
  readonly elements: DicomDataset;
}

/**
 * The series that the object joins, and its number there. A revision joins its predecessor's series, where viewers show the last
 * instance, if the same program wrote that series; a series has one equipment and one frame of reference (PS3.3 A.1.2.3), so a
 * revision of another program's work opens a series of its own. Either way the predecessor is named.
 * @param newSeriesUID called where a new series is needed
 */
export function seriesPlace(
  series: ImageSeries,
  content: SegmentationContent,
  software: Software,
  predecessor: DicomDataset | undefined,
  newSeriesUID: () => string,
): SeriesPlace {
  const link = predecessor === undefined ? {} : predecessorLink(predecessor);
  if (predecessor !== undefined && joinsSeries(series, software, predecessor)) {
    const seriesInstanceUID = text(predecessor, Tag.SeriesInstanceUID)!;
    const kept: [string, DicomDataset[string]][] = SERIES_LEVEL.flatMap((tag) => {
      const own = predecessor[tag];
      return own === undefined ? [] : [[tag, own]];
    });
    const next = content.instanceNumber ?? (number(predecessor, Tag.InstanceNumber) ?? 1) + 1;
    const instanceNumber = element('IS', next);
    return {
      seriesInstanceUID,
      elements: { ...Object.fromEntries(kept), [Tag.InstanceNumber]: instanceNumber, ...link },
    };
  }
  const seriesInstanceUID = newSeriesUID();
  return {
    seriesInstanceUID,
    elements: {
      [Tag.SeriesInstanceUID]: element('UI', seriesInstanceUID),
      [Tag.SeriesNumber]: element('IS', content.seriesNumber),
      [Tag.SeriesDescription]: longString(content.seriesDescription),
      [Tag.SeriesDate]: element('DA', content.moment.date),
      [SegTag.SeriesTime]: element('TM', content.moment.time),
      [Tag.InstanceNumber]: element('IS', 1),
      ...link,
    },
  };
}

/** Series attributes that all instances of a series share. */
const SERIES_LEVEL = [
  Tag.SeriesInstanceUID,
  Tag.SeriesNumber,
  Tag.SeriesDescription,
  Tag.SeriesDate,
  SegTag.SeriesTime,
];

/** Whether a revision may be in its predecessor's series: the same program, study and frame of reference, made on the same images. */
export const joinsSeries = (series: ImageSeries, software: Software, predecessor: DicomDataset): boolean =>
  text(predecessor, Tag.Modality) === 'SEG' &&
  text(predecessor, Tag.StudyInstanceUID) === series.studyInstanceUID &&
  text(predecessor, Tag.FrameOfReferenceUID) === series.frameOfReferenceUID &&
  text(predecessor, Tag.SeriesInstanceUID) !== undefined &&
  items(predecessor, SegTag.ReferencedSeriesSequence).some(
    (item) => text(item, Tag.SeriesInstanceUID) === series.seriesInstanceUID,
  ) &&
  sameEquipment(predecessor, software);

/**
 * Predecessor Documents Sequence. The Segmentation IOD has no attribute for it; this one (a Standard Extended SOP Class, PS3.2 3.11.4)
 * is what Cornerstone and OHIF write and read. Source Image Sequence at the top level will not do: the same readers take its
 * items for the source images of the frames.
 */
function predecessorLink(predecessor: DicomDataset): DicomDataset {
  const sopInstanceUID = text(predecessor, Tag.SOPInstanceUID);
  const sopClassUID = text(predecessor, Tag.SOPClassUID);
  const study = text(predecessor, Tag.StudyInstanceUID);
  const seriesUID = text(predecessor, Tag.SeriesInstanceUID);
  if (!sopInstanceUID || !sopClassUID || !study || !seriesUID) return {};
  return {
    [SegTag.PredecessorDocumentsSequence]: sequence({
      [SegTag.ReferencedSeriesSequence]: sequence({
        [SegTag.ReferencedSOPSequence]: sequence({
          [SegTag.ReferencedSOPClassUID]: element('UI', sopClassUID),
          [SegTag.ReferencedSOPInstanceUID]: element('UI', sopInstanceUID),
        }),
        [Tag.SeriesInstanceUID]: element('UI', seriesUID),
      }),
      [Tag.StudyInstanceUID]: element('UI', study),
    }),
  };
}
