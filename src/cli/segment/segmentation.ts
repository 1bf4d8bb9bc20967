import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import { colorOf } from '#core/labelmap/segment.ts';
import { ok, type Result } from '#core/result.ts';
import { DEFAULT_MEANING } from '#core/terminology/segmentMeaning.ts';
import {
  encodeSegmentation,
  momentOf,
  randomUid,
  VOXPROMPT,
  verifyEncoded,
} from '../../../extensions/dicom-seg/node.ts';

export interface SegmentationFile {
  readonly bytes: Uint8Array;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly comparedVoxels: number;
}

export interface SegmentationSource {
  readonly series: ImageSeries;
  readonly masks: ReadonlyMap<number, SliceMask>;
  readonly label: string;
  readonly modelName: string;
  readonly modelVersion: string;
  /** What was asked of the model. */
  readonly parameters: string;
  readonly now: Date;
}

/** Series number far from those of scanners. */
const SERIES_NUMBER = 9000;

/**
 * One lesion as a DICOM Segmentation file, decoded again and compared voxel by voxel before it is given out.
 * @returns errors of encoding and verifying
 */
export function segmentationFile(source: SegmentationSource): Result<SegmentationFile> {
  const { series, masks, label, modelName, modelVersion, parameters, now } = source;
  const plane = series.stack.planes[0]!;
  const trackingUid = randomUid();
  const labelmap: Labelmap = {
    size: { columns: plane.columns, rows: plane.rows, slices: series.frames.length },
    segments: [
      {
        number: 1,
        label,
        color: colorOf(1),
        ...DEFAULT_MEANING,
        algorithm: { type: 'SEMIAUTOMATIC', name: modelName, version: modelVersion, parameters },
        trackingId: label,
        trackingUid,
        visible: true,
        locked: false,
      },
    ],
    voxels: new Map([[1, masks]]),
  };
  const moment = momentOf(now, -now.getTimezoneOffset());
  const content = { seriesDescription: label, seriesNumber: SERIES_NUMBER, contentLabel: label, moment };
  const encoded = encodeSegmentation({ series, labelmap, content, software: VOXPROMPT, uids: randomUid });
  if (!encoded.ok) return encoded;
  const { bytes, sopInstanceUID, seriesInstanceUID } = encoded.value;
  const verified = verifyEncoded(bytes, series, labelmap);
  if (!verified.ok) return verified;
  return ok({ bytes, sopInstanceUID, seriesInstanceUID, comparedVoxels: verified.value.comparedVoxels });
}
