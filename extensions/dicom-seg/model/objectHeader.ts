import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { carriedOver } from './copiedAttributes.ts';
import { element } from './element.ts';
import { contributingEquipment, equipmentModule, type Software } from './equipment.ts';
import { type SegmentationContent, seriesPlace } from './revision.ts';
import { SegTag } from './tags.ts';

export interface HeaderRequest {
  readonly series: ImageSeries;
  /** Header of the image whose patient and study the object takes over. */
  readonly source: DicomDataset;
  readonly content: SegmentationContent;
  readonly software: Software;
  /** A new unique identifier at each call. */
  readonly uids: () => string;
  readonly sopClassUID: string;
  readonly modality: string;
  /** Header of the object that this one revises. */
  readonly predecessor?: DicomDataset;
}

export interface ObjectHeader {
  readonly elements: DicomDataset;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
}

/** What every object derived from a series has: patient and study as they are, a series and equipment of its own, SOP Common. */
export function objectHeader(request: HeaderRequest): ObjectHeader {
  const { series, source, content, software, uids, sopClassUID, modality, predecessor } = request;
  const { moment } = content;
  const sopInstanceUID = uids();
  const place = seriesPlace(series, content, software, predecessor, uids);
  const elements = {
    ...carriedOver(source),
    [Tag.SpecificCharacterSet]: element('CS', 'ISO_IR 192'),
    [SegTag.InstanceCreationDate]: element('DA', moment.date),
    [SegTag.InstanceCreationTime]: element('TM', moment.time),
    [Tag.SOPClassUID]: element('UI', sopClassUID),
    [Tag.SOPInstanceUID]: element('UI', sopInstanceUID),
    [SegTag.TimezoneOffsetFromUTC]: element('SH', moment.offset),
    [Tag.Modality]: element('CS', modality),
    ...place.elements,
    ...equipmentModule(software),
    ...contributingEquipment(source, software, moment),
  };
  return { elements, sopInstanceUID, seriesInstanceUID: place.seriesInstanceUID };
}

/** Never written empty: without it the derivation of each frame says where it lies (PS3.3 A.51.3). */
export const frameOfReference = (series: ImageSeries, source: DicomDataset): DicomDataset =>
  series.frameOfReferenceUID === undefined
    ? {}
    : {
        [Tag.FrameOfReferenceUID]: element('UI', series.frameOfReferenceUID),
        [SegTag.PositionReferenceIndicator]: source[SegTag.PositionReferenceIndicator] ?? element('LO'),
      };
