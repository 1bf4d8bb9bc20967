import type { DicomDataset, DicomElement } from '#core/dicom/dataset.ts';
import { decimalString } from '../../../extensions/dicom-seg/model/decimalString.ts';
import { element, sequence } from '../../../extensions/dicom-seg/model/element.ts';

export const GEOMETRIES = [
  'axial',
  'coronal',
  'sagittal',
  'oblique',
  'flipped',
  'tilted',
  'variable-spacing',
  'missing-slice',
] as const;
export type Geometry = (typeof GEOMETRIES)[number];

export const SOURCES = ['CT', 'MR', 'PET-like', 'MONOCHROME1', 'lossy', 'Enhanced CT', 'Enhanced MR'] as const;
export type Source = (typeof SOURCES)[number];

export interface SeriesShape {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly geometry: Geometry;
  readonly source: Source;
  readonly order: 'ascending' | 'descending' | 'shuffled';
  /** DS as text (Part 10) or as numbers (WADO-RS). */
  readonly decimals: 'text' | 'numbers';
  /** Study and patient attributes present or absent, plain or not. */
  readonly patient: 'plain' | 'japanese' | 'latin' | 'sparse';
  /** Makes the UIDs of the series its own. */
  readonly serial: number;
}

type Triple = readonly [number, number, number];

/** Instance headers of a series of known geometry, in the order asked for. */
export function syntheticSeries(shape: SeriesShape): readonly DicomDataset[] {
  const places = placesOf(shape);
  const multiFrame = shape.source.startsWith('Enhanced');
  const ordered = inOrder(places, shape);
  if (multiFrame) return [enhanced(shape, ordered)];
  return ordered.map((place, index) => singleFrame(shape, place, index));
}

interface Place {
  readonly position: Triple;
  readonly orientation: readonly number[];
}

const AXES: Readonly<Record<Geometry, readonly [Triple, Triple]>> = {
  axial: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  coronal: [
    [1, 0, 0],
    [0, 0, -1],
  ],
  sagittal: [
    [0, 1, 0],
    [0, 0, -1],
  ],
  oblique: rotated(0.31, 0.17),
  flipped: [
    [-1, 0, 0],
    [0, 1, 0],
  ],
  tilted: rotated(0, 0.25),
  'variable-spacing': [
    [1, 0, 0],
    [0, 1, 0],
  ],
  'missing-slice': rotated(0.05, 0),
};

function rotated(a: number, b: number): readonly [Triple, Triple] {
  return [
    [Math.cos(a), Math.sin(a), 0],
    [-Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), Math.sin(b)],
  ];
}

const SPACING: readonly [number, number] = [0.781_25, 0.6543];
const THICKNESS = 1.25;
const STEP = 2.5;

function placesOf({ geometry, slices }: SeriesShape): readonly Place[] {
  const [row, column] = AXES[geometry];
  const normal: Triple = [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ];
  // A gantry tilt: slices stay tilted while the table moves along z.
  const step: Triple = geometry === 'tilted' ? [0, 0, STEP] : [normal[0] * STEP, normal[1] * STEP, normal[2] * STEP];
  return Array.from({ length: slices }, (_, k) => {
    let along = k;
    if (geometry === 'variable-spacing') along = k + 0.07 * k * k;
    if (geometry === 'missing-slice' && k >= slices / 2) along = k + 1;
    return {
      position: [-120.25 + step[0] * along, 33.125 + step[1] * along, -77.7 + step[2] * along],
      orientation: [...row, ...column],
    };
  });
}

/** A shuffle that is the same in each run. */
function inOrder(places: readonly Place[], { order, serial }: SeriesShape): readonly Place[] {
  if (order === 'ascending') return places;
  if (order === 'descending') return [...places].reverse();
  return places
    .map((place, index) => ({ place, key: Math.imul((index + 1) * 2654435761, serial + 7) >>> 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ place }) => place);
}

const uidOf = ({ serial }: SeriesShape, ...rest: readonly number[]): string =>
  `1.2.826.0.1.3680043.10.999.${[serial + 1, ...rest].join('.')}`;

const decimals = ({ decimals: how }: SeriesShape, values: readonly number[]): DicomElement =>
  element('DS', ...values.map((value) => (how === 'text' ? decimalString(value) : Number(decimalString(value)))));

const PATIENTS: Readonly<Record<SeriesShape['patient'], DicomDataset>> = {
  plain: {
    '00081030': element('LO', 'Abdomen with contrast'),
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
    '00101010': element('AS', '055Y'),
    '00120062': element('CS', 'YES'),
    '00120063': element('LO', 'Basic profile', 'Retain device identity'),
    '00280303': element('CS', 'MODIFIED'),
  },
  japanese: {
    '00081030': element('LO', '腹部 造影CT'),
    '00100010': {
      vr: 'PN',
      Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }],
    },
  },
  latin: {
    '00081030': element('LO', 'Thorax mit KM, Übersicht'),
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller-Lüdenscheidt^Åse^Çelik' }] },
    '00100021': element('LO', 'Krankenhaus Süd'),
    '00120010': element('LO', 'Étude nº 7'),
    '00120020': element('LO', 'P-7'),
    '00120021': { vr: 'LO' },
    '00120030': { vr: 'LO' },
    '00120031': { vr: 'LO' },
    '00120040': element('LO', 'S1'),
  },
  sparse: { '00100010': { vr: 'PN' } },
};

function common(shape: SeriesShape): DicomDataset {
  const sparse = shape.patient === 'sparse';
  const lossy = shape.source === 'lossy';
  return {
    '00080005': element('CS', 'ISO_IR 192'),
    '00080020': element('DA', '20260102'),
    '00080030': element('TM', '101530.250'),
    '00080050': sparse ? { vr: 'SH' } : element('SH', `ACC${shape.serial}`),
    '00080070': element('LO', 'Synthetic Scanners'),
    '00080090': { vr: 'PN' },
    '00081090': element('LO', 'Mark I'),
    ...PATIENTS[shape.patient],
    '00100020': element('LO', `P${shape.serial}`),
    '00100030': sparse ? { vr: 'DA' } : element('DA', '19700131'),
    '00100040': element('CS', 'O'),
    '00180015': element('CS', 'ABDOMEN'),
    '0020000D': element('UI', uidOf(shape, 1)),
    '0020000E': element('UI', uidOf(shape, 1, 1)),
    '00200010': sparse ? { vr: 'SH' } : element('SH', 'ST 1'),
    '00200011': element('IS', 3),
    '00200052': element('UI', uidOf(shape, 2)),
    '00201040': { vr: 'LO' },
    '00280002': element('US', 1),
    '00280004': element('CS', shape.source === 'MONOCHROME1' ? 'MONOCHROME1' : 'MONOCHROME2'),
    '00280010': element('US', shape.rows),
    '00280011': element('US', shape.columns),
    '00280100': element('US', 16),
    '00280101': element('US', 16),
    '00280102': element('US', 15),
    '00280103': element('US', shape.source === 'CT' ? 1 : 0),
    '00282110': element('CS', lossy ? '01' : '00'),
    ...(lossy ? { '00282112': element('DS', '12.5'), '00282114': element('CS', 'ISO_10918_1') } : {}),
  };
}

function singleFrame(shape: SeriesShape, place: Place, index: number): DicomDataset {
  const ct = shape.source === 'CT' || shape.source === 'lossy';
  return {
    ...common(shape),
    '00080008': element('CS', 'ORIGINAL', 'PRIMARY', 'AXIAL'),
    '00080016': element('UI', ct ? '1.2.840.10008.5.1.4.1.1.2' : '1.2.840.10008.5.1.4.1.1.4'),
    '00080018': element('UI', uidOf(shape, 3, index + 1)),
    '00080060': element('CS', ct ? 'CT' : 'MR'),
    '00180050': decimals(shape, [THICKNESS]),
    '00200013': element('IS', index + 1),
    '00200032': decimals(shape, place.position),
    '00200037': decimals(shape, place.orientation),
    '00280030': decimals(shape, SPACING),
    '00281052': decimals(shape, [shape.source === 'PET-like' ? 0 : -1024]),
    '00281053': decimals(shape, [shape.source === 'PET-like' ? 0.1 + index / 3 : 1]),
  };
}

/** Orientation and measures shared for CT; all per frame for MR: a reader must find them in both places. */
function enhanced(shape: SeriesShape, places: readonly Place[]): DicomDataset {
  const ct = shape.source === 'Enhanced CT';
  const measures = {
    '00289110': sequence({ '00180050': decimals(shape, [THICKNESS]), '00280030': decimals(shape, SPACING) }),
  };
  const orientation = ({ orientation: cosines }: Place): DicomDataset => ({
    '00209116': sequence({ '00200037': decimals(shape, cosines) }),
  });
  const perFrame = places.map((place) => ({
    '00209113': sequence({ '00200032': decimals(shape, place.position) }),
    ...(ct ? {} : { ...orientation(place), ...measures }),
  }));
  return {
    ...common(shape),
    '00080008': element('CS', 'ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'),
    '00080016': element('UI', ct ? '1.2.840.10008.5.1.4.1.1.2.1' : '1.2.840.10008.5.1.4.1.1.4.1'),
    '00080018': element('UI', uidOf(shape, 3, 1)),
    '00080060': element('CS', ct ? 'CT' : 'MR'),
    '00200013': element('IS', 1),
    '00280008': element('IS', places.length),
    '52009229': sequence(ct ? { ...orientation(places[0]!), ...measures } : {}),
    '52009230': sequence(...perFrame),
  };
}
