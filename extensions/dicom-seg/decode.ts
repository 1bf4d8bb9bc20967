import { type DicomDataset, number, text, texts } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { DecodedSegmentation, Note } from './model/decoded.ts';
import { readFrames } from './model/readFrames.ts';
import { readSegments } from './model/readSegments.ts';
import { LABEL_MAP_SEGMENTATION_STORAGE, SEGMENTATION_STORAGE, SegTag } from './model/tags.ts';
import { type FrameSource, framePixels, type PixelShape } from './part10/framePixels.ts';
import { parsePart10 } from './part10/parsePart10.ts';
import { randomUid } from './randomUid.ts';

/**
 * Reads a segmentation object: BINARY, FRACTIONAL or LABELMAP, native, run-length or deflated, frames in any order.
 * @param uids for segments that have no tracking UID
 * @returns errors of the file (`not-dicom`, `dicom-malformed`), of the kind (`not-a-segmentation`, `tiled-segmentation`,
 * `pixel-encoding-unsupported`, `bit-layout-ambiguous`), and of the content (`pixel-data-length`, `no-segments`, `segment-number`, `frame-count`,
 * `dangling-segment`)
 */
export function decodeSegmentation(bytes: Uint8Array, uids: () => string = randomUid): Result<DecodedSegmentation> {
  const parsed = parsePart10(bytes);
  if (!parsed.ok) return parsed;
  const { dataset, meta, pixels, transferSyntaxUID } = parsed.value;
  const kind = kindOf(dataset);
  if (!kind.ok) return kind;
  const shape = shapeOf(dataset);
  if (!shape.ok) return shape;
  if (pixels === undefined) return err(appError('no-pixels', 'The segmentation holds no pixel data.'));
  const source = framePixels(pixels, shape.value, transferSyntaxUID);
  if (!source.ok) return source;
  if (source.value.layout?.kind === 'assumed' && writesPaddedFrames(meta)) return err(ambiguousLayout());
  const segments = readSegments(dataset, uids);
  if (!segments.ok) return segments;
  const numbers = new Set(segments.value.map((segment) => segment.number));
  const frames = readFrames(dataset, shape.value.frames, kind.value, numbers);
  if (!frames.ok) return frames;
  const damaged = firstDamage(source.value, shape.value.frames, transferSyntaxUID);
  if (damaged !== undefined)
    return err(appError('dicom-malformed', 'A frame of the segmentation is damaged.', { cause: damaged }));
  return ok({
    dataset,
    kind: kind.value,
    columns: number(dataset, Tag.Columns)!,
    rows: number(dataset, Tag.Rows)!,
    segments: segments.value,
    frames: frames.value,
    storedFrame: source.value.read,
    ...(kind.value === 'FRACTIONAL' ? { fraction: fractionOf(dataset) } : {}),
    notes: layoutNotes(source.value),
  });
}

function kindOf(dataset: DicomDataset): Result<DecodedSegmentation['kind']> {
  const sopClassUID = text(dataset, Tag.SOPClassUID);
  if (sopClassUID !== SEGMENTATION_STORAGE && sopClassUID !== LABEL_MAP_SEGMENTATION_STORAGE) {
    return err(
      appError('not-a-segmentation', 'This object is not a DICOM segmentation.', {
        context: { sopClassUID: sopClassUID ?? 'none' },
      }),
    );
  }
  if (
    dataset['00480007'] !== undefined ||
    texts(dataset, SegTag.DimensionOrganizationType)[0]?.startsWith('TILED') === true
  ) {
    return err(appError('tiled-segmentation', 'Segmentations of whole-slide images are not supported.'));
  }
  const type = text(dataset, SegTag.SegmentationType);
  if (type === 'BINARY' || type === 'FRACTIONAL' || type === 'LABELMAP') return ok(type);
  return err(
    appError('not-a-segmentation', 'The segmentation is of no known type.', { context: { type: type ?? 'none' } }),
  );
}

function shapeOf(dataset: DicomDataset): Result<PixelShape> {
  const columns = number(dataset, Tag.Columns) ?? 0;
  const rows = number(dataset, Tag.Rows) ?? 0;
  const frames = number(dataset, Tag.NumberOfFrames) ?? 1;
  const bitsAllocated = number(dataset, Tag.BitsAllocated);
  const sound = columns > 0 && rows > 0 && frames > 0 && (number(dataset, Tag.SamplesPerPixel) ?? 1) === 1;
  if (sound && (bitsAllocated === 1 || bitsAllocated === 8 || bitsAllocated === 16)) {
    return ok({ frames, pixels: columns * rows, bitsAllocated });
  }
  return err(
    appError('pixel-data-length', 'The header of the segmentation does not describe its pixels.', {
      context: { columns, rows, frames, bitsAllocated: bitsAllocated ?? 'none' },
    }),
  );
}

const fractionOf = (dataset: DicomDataset) => ({
  type: text(dataset, SegTag.SegmentationFractionalType) ?? 'PROBABILITY',
  maximum: number(dataset, SegTag.MaximumFractionalValue) ?? 255,
});

/** Native frames cannot be damaged once the length is right; encoded ones are decoded once to know. */
function firstDamage(source: FrameSource, frames: number, transferSyntaxUID: string): unknown {
  if (source.layout !== undefined || NATIVE.has(transferSyntaxUID)) return undefined;
  try {
    for (let frame = 0; frame < frames; frame += 1) source.read(frame);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

const NATIVE = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99']);

/** dcmjs writes conforming and padded streams under one name, depending on who calls it. */
const writesPaddedFrames = (meta: DicomDataset): boolean =>
  /dcmjs|cornerstone/i.test(text(meta, IMPLEMENTATION_VERSION_NAME) ?? '');

const IMPLEMENTATION_VERSION_NAME = '00020013';

const ambiguousLayout = (): AppError =>
  appError(
    'bit-layout-ambiguous',
    'The masks can be read in two ways that differ by some pixels, and this writer uses both.',
    {
      remedy: 'Open it in the program that wrote it, and save it there as a label map or with another writer.',
    },
  );

function layoutNotes({ layout }: FrameSource): readonly Note[] {
  if (layout?.kind === 'padded') {
    return [
      {
        code: 'padded-frames',
        message: 'Each frame starts on a byte of its own, which DICOM forbids; it was read as its writer meant it.',
      },
    ];
  }
  if (layout?.kind === 'assumed') {
    return [
      {
        code: 'bit-layout-assumed',
        message:
          'The frames may follow one another as DICOM says or start on bytes of their own; they were read as DICOM says.',
      },
    ];
  }
  return [];
}
