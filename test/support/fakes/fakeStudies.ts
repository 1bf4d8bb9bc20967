import type { DicomDataset } from '#core/dicom/dataset.ts';
import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import type { StudyQuery, StudySource } from '#extension-api';

export const COLUMNS = 64;
export const SLICES = 12;

const element = (vr: string, ...Value: unknown[]) => ({ vr, Value });

export interface FakeStudy {
  readonly uid: string;
  readonly name: string;
  readonly id: string;
  readonly date: string;
  readonly description: string;
  readonly series: readonly FakeSeries[];
}

export interface FakeSeries {
  readonly uid: string;
  readonly modality: string;
  readonly description: string;
  /** z of each slice, mm; for a SEG the series that it refers to. */
  readonly positions?: readonly number[];
  readonly references?: string;
}

const studyTags = (study: FakeStudy): DicomDataset => ({
  [Tag.StudyInstanceUID]: element('UI', study.uid),
  [Tag.PatientName]: element('PN', { Alphabetic: study.name }),
  [Tag.PatientID]: element('LO', study.id),
  [Tag.PatientBirthDate]: element('DA', '19610423'),
  [Tag.PatientSex]: element('CS', 'F'),
  [Tag.StudyDate]: element('DA', study.date),
  [Tag.StudyDescription]: element('LO', study.description),
});

const seriesTags = (series: FakeSeries, number: number): DicomDataset => ({
  [Tag.SeriesInstanceUID]: element('UI', series.uid),
  [Tag.Modality]: element('CS', series.modality),
  [Tag.SeriesDescription]: element('LO', series.description),
  [Tag.SeriesNumber]: element('IS', number),
  [Tag.NumberOfSeriesRelatedInstances]: element('IS', series.positions?.length ?? 1),
});

function headersOf(study: FakeStudy, series: FakeSeries): readonly DicomDataset[] {
  const common = { ...studyTags(study), ...seriesTags(series, study.series.indexOf(series) + 1) };
  if (series.references !== undefined) {
    return [
      {
        ...common,
        [Tag.SOPInstanceUID]: element('UI', `${series.uid}.1`),
        '00081115': element('SQ', { [Tag.SeriesInstanceUID]: element('UI', series.references) }),
        '00620002': element('SQ', { '00620005': element('LO', 'Lesion 1') }, { '00620005': element('LO', 'Lesion 2') }),
      },
    ];
  }
  return (series.positions ?? []).map((z, index) => ({
    ...common,
    [Tag.SOPClassUID]: element('UI', '1.2.840.10008.5.1.4.1.1.2'),
    [Tag.SOPInstanceUID]: element('UI', `${series.uid}.${index + 1}`),
    [Tag.Rows]: element('US', COLUMNS),
    [Tag.Columns]: element('US', COLUMNS),
    [Tag.PixelSpacing]: element('DS', 0.8, 0.8),
    [Tag.ImagePositionPatient]: element('DS', 0, 0, z),
    [Tag.ImageOrientationPatient]: element('DS', 1, 0, 0, 0, 1, 0),
  }));
}

const matches = (
  study: FakeStudy,
  { text: sought = '', description = '', modality, dateRange = '-' }: StudyQuery,
): boolean =>
  `${study.name} ${study.id}`.toLowerCase().includes(sought.toLowerCase()) &&
  (modality === undefined || study.series.some((series) => series.modality === modality)) &&
  study.description.toLowerCase().includes(description.toLowerCase()) &&
  study.date >= (dateRange.split('-')[0] ?? '') &&
  study.date <= (dateRange.split('-')[1] || '9999');

/** A source that answers from memory, with paging; `asked` keeps every query. */
export function fakeSource(
  id: string,
  label: string,
  studies: readonly FakeStudy[],
): StudySource & { readonly asked: StudyQuery[] } {
  const asked: StudyQuery[] = [];
  const find = (studyUid: string, seriesUid: string) => {
    const study = studies.find(({ uid }) => uid === studyUid);
    const series = study?.series.find(({ uid }) => uid === seriesUid);
    return study && series ? { study, series } : undefined;
  };
  return {
    id,
    label,
    canStore: false,
    asked,
    async searchStudies(query) {
      asked.push(query);
      const found = studies.filter((study) => matches(study, query));
      return ok(
        found.slice(query.offset, query.offset + query.limit).map((study) => ({
          ...studyTags(study),
          [Tag.ModalitiesInStudy]: element('CS', ...new Set(study.series.map(({ modality }) => modality))),
        })),
      );
    },
    async listSeries(studyUid) {
      const study = studies.find(({ uid }) => uid === studyUid);
      return ok((study?.series ?? []).map((series, index) => seriesTags(series, index + 1)));
    },
    async seriesHeaders(studyUid, seriesUid) {
      const found = find(studyUid, seriesUid);
      return found === undefined
        ? err(appError('no-series', 'The archive does not have this series.'))
        : ok(headersOf(found.study, found.series));
    },
    pixels: (header) => ({ kind: 'wado-rs', frameUrl: `fake:${text(header, Tag.SOPInstanceUID)}` }),
    retrieve: async () => ok(new Uint8Array([1, 2, 3])),
    store: async () => ({ kind: 'refused', error: appError('read-only', 'Nothing can be stored here.') }),
  };
}

const even = (spacing: number): readonly number[] => Array.from({ length: SLICES }, (_, k) => k * spacing);

/** Patients that do not exist. */
export const STUDIES: readonly FakeStudy[] = [
  {
    uid: '1.2.1',
    name: 'Berger^Anna',
    id: 'P-1007',
    date: '20261120',
    description: 'CT abdomen, portal venous',
    series: [
      { uid: '1.2.1.1', modality: 'CT', description: 'Abdomen 5 mm', positions: even(5) },
      {
        uid: '1.2.1.2',
        modality: 'CT',
        description: 'Dynamic, three phases',
        positions: [0, 0, 0, 5, 5, 5, 10, 10, 10],
      },
      { uid: '1.2.1.3', modality: 'SEG', description: 'Liver lesions', references: '1.2.1.1' },
      { uid: '1.2.1.4', modality: 'SR', description: 'Dose report' },
    ],
  },
  {
    uid: '1.2.2',
    name: 'Okafor^Chidi',
    id: 'P-2040',
    date: '20250301',
    description: 'MR thigh',
    series: [{ uid: '1.2.2.1', modality: 'MR', description: 'T2 fat sat', positions: even(3) }],
  },
  {
    uid: '1.2.3',
    name: 'Phantom^Demo',
    id: 'DEMO',
    date: '20261101',
    description: 'Synthetic phantom, one lesion',
    series: [{ uid: '1.2.3.1', modality: 'CT', description: 'Phantom', positions: even(2.5) }],
  },
];
