import { text } from '#core/dicom/dataset.ts';
import type { SegmentationRequest } from '#extension-api';
import { momentOf, offsetMinutesOf } from './model/moment.ts';
import type { SegmentationContent } from './model/revision.ts';
import { SegTag } from './model/tags.ts';

/** Dates and times are written in the time zone of the images where they name one, else in that of this machine. */
export function contentOf(request: SegmentationRequest): SegmentationContent {
  const { series, seriesDescription, seriesNumber, now, predecessor } = request;
  const last = predecessor?.lastInstanceNumber;
  const ofSource = offsetMinutesOf(text(series.frames[0]?.dataset ?? {}, SegTag.TimezoneOffsetFromUTC));
  const moment = momentOf(now, ofSource ?? -now.getTimezoneOffset());
  return {
    seriesDescription,
    seriesNumber,
    contentLabel: seriesDescription,
    moment,
    ...(last === undefined ? {} : { instanceNumber: last + 1 }),
  };
}
