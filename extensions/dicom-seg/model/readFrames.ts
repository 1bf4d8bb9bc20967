import { type DicomDataset, items, number, text } from '#core/dicom/dataset.ts';
import { planeOfFrame } from '#core/dicom/frameAttributes.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { DecodedFrame, SourceReference } from './decoded.ts';
import { SegTag } from './tags.ts';

/**
 * What the functional groups say of each frame; every group may be shared or per frame (PS3.3 C.7.6.16.1).
 * Groups beyond the number of frames describe pixels that are not there; they are left out.
 * @param segmentNumbers numbers of the segments described
 * @returns errors `frame-count`, `dangling-segment`
 */
export function readFrames(
  dataset: DicomDataset,
  frames: number,
  kind: string,
  segmentNumbers: ReadonlySet<number>,
): Result<readonly DecodedFrame[]> {
  const described = items(dataset, Tag.PerFrameFunctionalGroupsSequence);
  const groups = described.slice(0, frames);
  const shared = items(dataset, Tag.SharedFunctionalGroupsSequence)[0] ?? {};
  if (groups.length !== frames) {
    return err(
      appError('frame-count', 'The object does not describe each of its frames.', {
        context: { frames, described: described.length },
      }),
    );
  }
  const decoded: DecodedFrame[] = [];
  for (const [index, own] of groups.entries()) {
    const group = (macro: string): DicomDataset => items(own, macro)[0] ?? items(shared, macro)[0] ?? {};
    const segmentNumber =
      kind === 'LABELMAP'
        ? undefined
        : number(group(SegTag.SegmentIdentificationSequence), SegTag.ReferencedSegmentNumber);
    if (kind !== 'LABELMAP' && (segmentNumber === undefined || !segmentNumbers.has(segmentNumber))) {
      return err(
        appError('dangling-segment', 'A frame of the object belongs to a segment that is not described.', {
          context: { frame: index + 1, segmentNumber: segmentNumber ?? 'none' },
        }),
      );
    }
    decoded.push({
      index,
      segmentNumber,
      plane: planeOfFrame(oneFrame(dataset, own, shared), 0),
      sources: [
        ...items(own, SegTag.DerivationImageSequence),
        ...items(shared, SegTag.DerivationImageSequence),
      ].flatMap((derivation) => items(derivation, SegTag.SourceImageSequence).flatMap(sourceReferences)),
    });
  }
  return ok(decoded);
}

/** The object with one of its frames: the search for a group then does not walk over all of them. */
const oneFrame = (dataset: DicomDataset, own: DicomDataset, shared: DicomDataset): DicomDataset => ({
  [Tag.Rows]: dataset[Tag.Rows]!,
  [Tag.Columns]: dataset[Tag.Columns]!,
  [Tag.SharedFunctionalGroupsSequence]: { vr: 'SQ', Value: [shared] },
  [Tag.PerFrameFunctionalGroupsSequence]: { vr: 'SQ', Value: [own] },
});

function sourceReferences(item: DicomDataset): SourceReference[] {
  const sopInstanceUID = text(item, SegTag.ReferencedSOPInstanceUID);
  if (sopInstanceUID === undefined) return [];
  const frameNumbers = item[SegTag.ReferencedFrameNumber]?.Value?.map(Number) ?? [undefined];
  return frameNumbers.map((frameNumber) => ({ sopInstanceUID, frameNumber }));
}
