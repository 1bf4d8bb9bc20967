import { type DicomDataset, type DicomElement, items, text } from '#core/dicom/dataset.ts';
import { type Code, code } from '#core/terminology/code.ts';
import { element, longString, sequence, shortString } from './element.ts';
import { SegTag } from './tags.ts';

/** Concepts that the Segmentation IOD asks for (PS3.16 annex D, CID 7162, 7202, 7203, 7005). */
export const SegCode = {
  segmentation: code('113076', 'DCM', 'Segmentation'),
  sourceImage: code('121322', 'DCM', 'Source image for image processing operation'),
  acquisitionEquipment: code('109101', 'DCM', 'Acquisition Equipment'),
  processingEquipment: code('109102', 'DCM', 'Processing Equipment'),
  artificialIntelligence: code('123110', 'DCM', 'Artificial Intelligence'),
  background: code('125040', 'DCM', 'Background'),
  spatialConcept: code('309825002', 'SCT', 'Spatial and Relational Concept'),
} as const;

/** Code Sequence Macro (PS3.3 8.8): a value longer than 16 characters goes into Long Code Value. */
export function codeItem({ value, scheme, meaning }: Code, more: DicomDataset = {}): DicomDataset {
  const valueElement =
    value.length <= 16 ? { [SegTag.CodeValue]: shortString(value) } : { [SegTag.LongCodeValue]: element('UC', value) };
  return {
    ...valueElement,
    [SegTag.CodingSchemeDesignator]: shortString(scheme),
    [SegTag.CodeMeaning]: longString(meaning),
    ...more,
  };
}

export const codeSequence = (concept: Code): DicomElement => sequence(codeItem(concept));

/** The first code of a sequence, its retired scheme replaced where the concept is known; undefined where incomplete. */
export function readCode(dataset: DicomDataset, tag: string): Code | undefined {
  const item = items(dataset, tag)[0];
  if (item === undefined) return undefined;
  const value = text(item, SegTag.CodeValue) ?? text(item, SegTag.LongCodeValue) ?? text(item, SegTag.UrnCodeValue);
  if (value === undefined) return undefined;
  const scheme = text(item, SegTag.CodingSchemeDesignator) ?? '';
  const meaning = text(item, SegTag.CodeMeaning) ?? value;
  const replacement = RETIRED_SCHEMES.has(scheme) ? SRT_TO_SCT[value] : undefined;
  return replacement === undefined ? code(value, scheme, meaning) : code(replacement, 'SCT', meaning);
}

/** SNOMED RT, by the three designators under which it was written (PS3.16 8.1). */
const RETIRED_SCHEMES = new Set(['SRT', 'SNM3', '99SDM']);

/** SNOMED CT concept of the SNOMED RT codes found in segmentations (PS3.16 annex O). */
const SRT_TO_SCT: Readonly<Record<string, string>> = {
  'T-D0050': '85756007',
  'T-D000A': '123037004',
  'M-01000': '49755003',
  'A-00004': '260787004',
  'M-01100': '52988006',
  'M-03000': '4147007',
  'T-62000': '10200004',
  'T-C3000': '78961009',
  'T-71000': '64033007',
  'T-28000': '39607008',
  'T-65000': '15776009',
  'G-A100': '24028007',
  'G-A101': '7771000',
};
