import type { NoticePort, SegmentationFormat } from '#extension-api';
import type { App } from '../createApp.ts';
import { text } from '../text.ts';
import { giveFile } from './giveFile.ts';

/** Whether the open labelmap can be written to a file. */
export const canDownload = ({ host, labelmap }: App): boolean =>
  host.segmentationFormat !== undefined && labelmap.state.getState().journal.labelmap.voxels.size > 0;

/** The way out when all else fails: the segments as a DICOM SEG file. */
export function downloadSegments({ host, labelmap, notices }: App): void {
  const series = host.viewer.openSeries.getState()?.series;
  if (series === undefined || host.segmentationFormat === undefined) return;
  save(host.segmentationFormat, notices, {
    series,
    labelmap: labelmap.state.getState().journal.labelmap,
    seriesDescription: text.browser.segmentation,
    seriesNumber: 9000,
    now: new Date(),
  });
}

function save(
  format: SegmentationFormat,
  notices: NoticePort,
  request: Parameters<SegmentationFormat['encode']>[0],
): void {
  const encoded = format.encode(request);
  if (!encoded.ok) {
    notices.show({ kind: 'error', error: encoded.error });
    return;
  }
  giveFile('segmentation.dcm', encoded.value.bytes);
}
