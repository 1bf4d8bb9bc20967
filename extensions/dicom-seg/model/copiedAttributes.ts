import type { DicomDataset, DicomElement } from '#core/dicom/dataset.ts';

/**
 * Attributes of the patient, study and clinical-trial entities (PS3.3 C.7.1.1, C.7.1.3, C.7.2.1, C.7.2.2, C.7.2.3): one study has
 * one value of each, so they are carried over as they are; what the source lacks stays absent.
 */
const CARRIED_OVER: readonly string[] = [
  '00080020',
  '00080030',
  '00080050',
  '00080051',
  '00080090',
  '00080096',
  '00081030',
  '00081032',
  '00081048',
  '00081049',
  '00081060',
  '00081062',
  '0008009C',
  '0008009D',
  '00081084',
  '00100010',
  '00100020',
  '00100021',
  '00100022',
  '00100024',
  '00100026',
  '00100027',
  '00100028',
  '00100030',
  '00100032',
  '00100033',
  '00100034',
  '00100035',
  '00100040',
  '00100101',
  '00100102',
  '00100200',
  '00100212',
  '00100213',
  '00100214',
  '00100215',
  '00100216',
  '00100217',
  '00100218',
  '00100219',
  '00100221',
  '00100222',
  '00100223',
  '00101001',
  '00101002',
  '00101010',
  '00101020',
  '00101021',
  '00101022',
  '00101023',
  '00101024',
  '00101030',
  '00101060',
  '00101100',
  '00102000',
  '00102110',
  '00102160',
  '00102180',
  '001021A0',
  '001021B0',
  '001021C0',
  '001021D0',
  '001021F0',
  '00102201',
  '00102202',
  '00102203',
  '00102292',
  '00102293',
  '00102294',
  '00102295',
  '00102296',
  '00102297',
  '00102298',
  '00102299',
  '00104000',
  '00120010',
  '00120020',
  '00120021',
  '00120030',
  '00120031',
  '00120040',
  '00120042',
  '00120050',
  '00120051',
  '00120052',
  '00120053',
  '00120055',
  '00120062',
  '00120063',
  '00120064',
  '00120081',
  '00120082',
  '00120083',
  '00120084',
  '00120085',
  '00120086',
  '00120087',
  '0020000D',
  '00200010',
  '00321033',
  '00321034',
  '00321066',
  '00321067',
  '00380010',
  '00380014',
  '00380060',
  '00380062',
  '00380064',
  '00380500',
  '00401012',
  '00280303', // Longitudinal Temporal Information Modified: the dates above are as true as the source's
];

/** Type 2 of the same modules: present even where the source has no value (PS3.5 7.4.3). */
const TYPE_2: Readonly<Record<string, string>> = {
  '00080020': 'DA',
  '00080030': 'TM',
  '00080050': 'SH',
  '00080090': 'PN',
  '00100010': 'PN',
  '00100020': 'LO',
  '00100030': 'DA',
  '00100040': 'CS',
  '00200010': 'SH',
};

/** Longest value of the short text representations, characters (PS3.5 Table 6.2-1). */
const LONGEST: Readonly<Record<string, number>> = { AE: 16, CS: 16, LO: 64, SH: 16 };

/** A source may hold a value that its representation forbids; copied, it would make our object invalid too. */
const isLegal = ({ vr, Value }: DicomElement): boolean =>
  (Value ?? []).every((value) => typeof value !== 'string' || value.length <= (LONGEST[vr] ?? value.length));

/**
 * Patient, study and trial attributes of a source header, verbatim; one that is too long for its value representation is
 * left out, or empty where it must be present.
 */
export function carriedOver(source: DicomDataset): DicomDataset {
  const out: Record<string, DicomElement> = {};
  for (const [tag, vr] of Object.entries(TYPE_2)) out[tag] = { vr };
  for (const tag of CARRIED_OVER) {
    const found = source[tag];
    if (found !== undefined && found.BulkDataURI === undefined && isLegal(found)) out[tag] = found;
  }
  return out;
}
