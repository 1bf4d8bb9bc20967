import type { DicomDataset } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { element, longString, sequence } from './element.ts';
import { SegTag } from './tags.ts';

/**
 * Multi-frame Dimension module (PS3.3 C.7.6.17): segment number, then position; a label map has the position only.
 * @param regular one segment on evenly spaced slices: the organization is a volume ('3D')
 */
export function dimensionModule(organizationUID: string, withSegments: boolean, regular: boolean): DicomDataset {
  const index = (pointer: string, group: string, label: string): DicomDataset => ({
    [SegTag.DimensionOrganizationUID]: element('UI', organizationUID),
    [SegTag.DimensionIndexPointer]: element('AT', pointer),
    [SegTag.FunctionalGroupPointer]: element('AT', group),
    [SegTag.DimensionDescriptionLabel]: longString(label),
  });
  const segment = index(SegTag.ReferencedSegmentNumber, SegTag.SegmentIdentificationSequence, 'Segment Number');
  const position = index(Tag.ImagePositionPatient, Tag.PlanePositionSequence, 'Image Position Patient');
  return {
    [SegTag.DimensionOrganizationSequence]: sequence({
      [SegTag.DimensionOrganizationUID]: element('UI', organizationUID),
    }),
    ...(regular ? { [SegTag.DimensionOrganizationType]: element('CS', '3D') } : {}),
    [SegTag.DimensionIndexSequence]: withSegments ? sequence(segment, position) : sequence(position),
  };
}
