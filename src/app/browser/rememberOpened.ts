import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { ViewerPort } from '#extension-api';
import type { RecentStudies } from './createRecentStudies.ts';
import { personName, shownDate } from './summaries.ts';

/** Puts the study of every series that is opened on the list of recent ones. */
export const rememberOpened = ({ openSeries }: Pick<ViewerPort, 'openSeries'>, recent: RecentStudies): (() => void) =>
  openSeries.subscribe(() => {
    const open = openSeries.getState();
    const header = open?.series.frames[0]?.dataset;
    if (open === undefined || header === undefined) return;
    recent.add({
      sourceId: open.source.id,
      studyInstanceUID: open.series.studyInstanceUID,
      patientName: personName(text(header, Tag.PatientName)),
      patientId: text(header, Tag.PatientID),
      date: shownDate(text(header, Tag.StudyDate)),
    });
  });
