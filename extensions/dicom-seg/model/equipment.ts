import { type DicomDataset, items, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { codeSequence, SegCode } from './codes.ts';
import { element, longString, sequence } from './element.ts';
import { dateTimeOf, type Moment } from './moment.ts';
import { SegTag } from './tags.ts';

/** The program that writes: all Type 1 in Enhanced General Equipment (PS3.3 C.7.5.2). */
export interface Software {
  readonly manufacturer: string;
  readonly modelName: string;
  readonly serialNumber: string;
  readonly versions: readonly string[];
}

export const equipmentModule = (software: Software): DicomDataset => ({
  [Tag.Manufacturer]: longString(software.manufacturer),
  [SegTag.ManufacturerModelName]: longString(software.modelName),
  [SegTag.DeviceSerialNumber]: longString(software.serialNumber),
  [SegTag.SoftwareVersions]: element('LO', ...software.versions),
});

/** Contributing Equipment (PS3.3 C.12.1): what the source lists, the scanner, and this program. */
export function contributingEquipment(source: DicomDataset, software: Software, moment: Moment): DicomDataset {
  const scanner = pick(source, [
    Tag.Manufacturer,
    SegTag.InstitutionName,
    SegTag.ManufacturerModelName,
    SegTag.DeviceSerialNumber,
    SegTag.SoftwareVersions,
  ]);
  const known = text(source, Tag.Manufacturer) !== undefined;
  return {
    [SegTag.ContributingEquipmentSequence]: sequence(
      ...items(source, SegTag.ContributingEquipmentSequence),
      ...(known
        ? [{ ...scanner, [SegTag.PurposeOfReferenceCodeSequence]: codeSequence(SegCode.acquisitionEquipment) }]
        : []),
      {
        ...equipmentModule(software),
        [SegTag.ContributionDateTime]: element('DT', dateTimeOf(moment)),
        [SegTag.ContributionDescription]: element('ST', 'Segmentation'),
        [SegTag.PurposeOfReferenceCodeSequence]: codeSequence(SegCode.processingEquipment),
      },
    ),
  };
}

/** Whether an object was written by the same program in the same version, so that both may be in one series. */
export const sameEquipment = (dataset: DicomDataset, software: Software): boolean =>
  text(dataset, Tag.Manufacturer) === software.manufacturer &&
  text(dataset, SegTag.ManufacturerModelName) === software.modelName &&
  text(dataset, SegTag.DeviceSerialNumber) === software.serialNumber &&
  (dataset[SegTag.SoftwareVersions]?.Value ?? []).join('\\') === software.versions.join('\\');

const pick = (dataset: DicomDataset, tags: readonly string[]): DicomDataset =>
  Object.fromEntries(
    tags.flatMap((tag) => {
      const found = dataset[tag];
      return found?.Value === undefined || found.Value.length === 0 ? [] : [[tag, found]];
    }),
  );
