import { type Code, code } from './code.ts';

/** What a segment is: PS3.16 CID 7150 category with a type from the context groups that it heads. */
export interface SegmentMeaning {
  readonly category: Code;
  readonly type: Code;
}

export const Category = {
  morphologicallyAbnormal: code('49755003', 'SCT', 'Morphologically Abnormal Structure'),
  anatomical: code('123037004', 'SCT', 'Anatomical Structure'),
  tissue: code('85756007', 'SCT', 'Tissue'),
} as const;

/** Types offered to the reader, lesions first (PS3.16 CID 7159, CID 7192 and neighbours; SNOMED CT concept ids). */
export const SEGMENT_MEANINGS: readonly SegmentMeaning[] = [
  ...[
    code('52988006', 'SCT', 'Lesion'),
    code('108369006', 'SCT', 'Neoplasm'),
    code('86049000', 'SCT', 'Neoplasm, Primary'),
    code('14799000', 'SCT', 'Neoplasm, Secondary'),
    code('4147007', 'SCT', 'Mass'),
    code('27925004', 'SCT', 'Nodule'),
    code('367643001', 'SCT', 'Cyst'),
    code('79654002', 'SCT', 'Edema'),
    code('6574001', 'SCT', 'Necrosis'),
    code('50960005', 'SCT', 'Hemorrhage'),
  ].map((type) => ({ category: Category.morphologicallyAbnormal, type })),
  ...[
    code('10200004', 'SCT', 'Liver'),
    code('64033007', 'SCT', 'Kidney'),
    code('78961009', 'SCT', 'Spleen'),
    code('39607008', 'SCT', 'Lung'),
    code('59441001', 'SCT', 'Lymph node'),
    code('23451007', 'SCT', 'Adrenal gland'),
    code('15776009', 'SCT', 'Pancreas'),
  ].map((type) => ({ category: Category.anatomical, type })),
];

export const DEFAULT_MEANING: SegmentMeaning = SEGMENT_MEANINGS[0]!;

/** Laterality modifiers (PS3.16 CID 244). */
export const Laterality = {
  right: code('24028007', 'SCT', 'Right'),
  left: code('7771000', 'SCT', 'Left'),
  bilateral: code('51440002', 'SCT', 'Right and left'),
} as const;
