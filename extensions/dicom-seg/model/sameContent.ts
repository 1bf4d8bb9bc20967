import type { DicomDataset, DicomElement } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { SegTag } from './tags.ts';

/** What makes the object what it is. An archive may coerce patient and study attributes, and may re-encode all of it. */
const CONTENT: readonly string[] = [
  Tag.SOPClassUID,
  Tag.SOPInstanceUID,
  Tag.StudyInstanceUID,
  Tag.SeriesInstanceUID,
  Tag.Modality,
  Tag.FrameOfReferenceUID,
  Tag.Rows,
  Tag.Columns,
  Tag.NumberOfFrames,
  Tag.BitsAllocated,
  SegTag.SegmentationType,
  SegTag.SegmentsOverlap,
  SegTag.SegmentSequence,
  SegTag.ReferencedSeriesSequence,
  SegTag.DimensionIndexSequence,
  Tag.SharedFunctionalGroupsSequence,
  Tag.PerFrameFunctionalGroupsSequence,
];

/** The first attribute in which two objects differ, as a path of tags; undefined where they hold the same. */
export function differingAttribute(a: DicomDataset, b: DicomDataset): string | undefined {
  for (const tag of CONTENT) {
    const found = differingElement(tag, a[tag], b[tag]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function differingElement(path: string, a: DicomElement | undefined, b: DicomElement | undefined): string | undefined {
  const x = a?.Value ?? [];
  const y = b?.Value ?? [];
  if (x.length !== y.length || a?.InlineBinary !== b?.InlineBinary) return path;
  const vr = a?.vr ?? b?.vr ?? 'UN';
  for (let index = 0; index < x.length; index += 1) {
    if (vr === 'SQ') {
      const found = differingItem(`${path}[${index}]`, x[index] as DicomDataset, y[index] as DicomDataset);
      if (found !== undefined) return found;
    } else if (!sameValue(vr, x[index], y[index])) return path;
  }
  return undefined;
}

function differingItem(path: string, a: DicomDataset, b: DicomDataset): string | undefined {
  for (const tag of new Set([...Object.keys(a), ...Object.keys(b)])) {
    // Group lengths are retired and come and go.
    if (tag.endsWith('0000')) continue;
    const found = differingElement(`${path}.${tag}`, a[tag], b[tag]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Numbers may be written in another way ('1.0', '1'); texts may lose their padding. */
function sameValue(vr: string, a: unknown, b: unknown): boolean {
  if (vr === 'DS' || vr === 'IS') return Number(a) === Number(b);
  if (typeof a === 'object' || typeof b === 'object') return JSON.stringify(a) === JSON.stringify(b);
  return typeof a === 'string' && typeof b === 'string' ? a.trim() === b.trim() : a === b;
}
