import { readFileSync } from 'node:fs';
import { data } from 'dcmjs';
import { describe, expect, it } from 'vitest';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { seriesOf } from '../../test/dicom/support/readSeries.ts';
import { labelmapOf, requestOf, testSegment } from '../../test/dicom/support/segments.ts';
import { maskOf, SMALL } from '../../test/dicom/support/smallSeries.ts';
import { type SeriesShape, syntheticSeries } from '../../test/dicom/support/syntheticSeries.ts';
import { type BuildRequest, buildSegmentation } from './model/build.ts';
import { carriedOver } from './model/copiedAttributes.ts';
import { element } from './model/element.ts';
import { SegTag } from './model/tags.ts';

const statement = readFileSync(new URL('CONFORMANCE.md', import.meta.url), 'utf8');

const SHAPE: SeriesShape = { ...SMALL, order: 'ascending', serial: 41 };

type Change = (header: DicomDataset, index: number) => DicomDataset;

function built(shape: Partial<SeriesShape>, request: Partial<BuildRequest> = {}, change: Change = (same) => same) {
  const series = seriesOf(syntheticSeries({ ...SHAPE, ...shape }).map(change));
  const described = testSegment(1, {
    description: 'in segment IV',
    laterality: { value: '7771000', scheme: 'SCT', meaning: 'Left' },
  });
  const byHand = testSegment(2, { algorithm: { type: 'MANUAL' } });
  const unversioned = testSegment(3, { algorithm: { type: 'AUTOMATIC', name: 'Elsewhere', version: '' } });
  const labelmap = labelmapOf(series, [
    [described, new Map([[1, maskOf(3)]])],
    [byHand, new Map([[3, maskOf(4)]])],
    [unversioned, new Map([[3, maskOf(5)]])],
  ]);
  const result = buildSegmentation(requestOf(series, labelmap, request));
  if (!result.ok) throw new Error(result.error.code);
  return result.value.dataset;
}

/** One segment on neighbouring slices: what may be called a volume. */
function regular(): DicomDataset {
  const series = seriesOf(syntheticSeries(SHAPE));
  const slices = new Map([1, 2].map((k) => [k, maskOf(3)] as const));
  const parameters = testSegment(1, { algorithm: { type: 'AUTOMATIC', name: 'A', version: '1' } });
  const result = buildSegmentation(requestOf(series, labelmapOf(series, [[parameters, slices]])));
  if (!result.ok) throw new Error(result.error.code);
  return result.value.dataset;
}

const turned: Change = (header, index) => ({
  ...header,
  // Within what makes a stack, but other values: such slices repeat their own.
  [Tag.ImageOrientationPatient]: element('DS', 1, index * 1e-6, 0, -index * 1e-6, 1, 0),
  [Tag.SliceThickness]: element('DS', 2 + index / 10),
});
const withoutFrameOfReference: Change = ({ [Tag.FrameOfReferenceUID]: _, ...header }) => header;
const withoutEquipment: Change = ({ [Tag.BodyPartExamined]: _, [SegTag.ManufacturerModelName]: __, ...header }) =>
  header;

/** Every way in which the objects differ in their attributes. */
const written: readonly DicomDataset[] = [
  built({}),
  built({}, { predecessor: built({}) }),
  built({}, { kind: 'LABELMAP' }),
  built({ source: 'lossy', geometry: 'variable-spacing' }),
  built({ source: 'Enhanced CT' }),
  built({ patient: 'sparse', geometry: 'missing-slice' }),
  built({}, {}, turned),
  built({}, {}, withoutFrameOfReference),
  built({ geometry: 'variable-spacing' }, {}, turned),
  built({}, {}, (header) => ({ ...header, [SegTag.InstitutionName]: element('LO', 'Somewhere') })),
  built({}, {}, withoutEquipment),
  regular(),
];

/** Value, scheme and meaning of a code: the same in each code sequence. */
const IN_CODES: ReadonlySet<string> = new Set(['00080100', '00080102', '00080104', '00080119']);
const CARRIED: ReadonlySet<string> = new Set(Object.keys(carriedOver(new Proxy({}, { get: () => ({ vr: 'LO' }) }))));

/** Paths of attributes, and whether each is there wherever the item that may hold it is. */
function attributesOf(datasets: readonly DicomDataset[]): ReadonlyMap<string, boolean> {
  const items = new Map<string, number>();
  const found = new Map<string, { readonly parent: string; count: number }>();
  const walk = (dataset: DicomDataset, path: string): void => {
    items.set(path, (items.get(path) ?? 0) + 1);
    for (const [tag, { vr, Value }] of Object.entries(dataset)) {
      if (IN_CODES.has(tag) || (path === '' && CARRIED.has(tag))) continue;
      const own = path === '' ? tag : `${path}>${tag}`;
      const entry = found.get(own) ?? { parent: path, count: 0 };
      entry.count += 1;
      found.set(own, entry);
      if (vr === 'SQ') for (const item of Value ?? []) walk(item as DicomDataset, own);
    }
  };
  for (const dataset of datasets) walk(dataset, '');
  return new Map([...found].map(([path, { parent, count }]) => [path, count === items.get(parent)]));
}

interface Row {
  readonly path: string;
  readonly name: string;
  readonly when: string;
}

/** Rows of the table under a heading: '(0062,0002) > (0062,0004) | SegmentNumber | always'. */
function rowsUnder(heading: string): readonly Row[] {
  const section = statement.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| (\(.*?) \| (\S+) \| (.+?) \|$/gm)].map(([, path = '', name = '', when = '']) => ({
    path: path.replace(/[(), ]/g, ''),
    name,
    when,
  }));
}

describe('the conformance statement', () => {
  const rows = rowsUnder('Attributes written');
  const attributes = attributesOf(written);

  it('lists every attribute that is written, and none that is not', () => {
    expect(rows.map(({ path }) => path)).toEqual([...attributes.keys()].sort());
  });

  it('says of each whether it is always there', () => {
    const said = Object.fromEntries(rows.map(({ path, when }) => [path, when === 'always']));
    expect(said).toEqual(Object.fromEntries(attributes));
  });

  it('calls each by its keyword', () => {
    const { dictionary } = data.DicomMetaDictionary;
    for (const { path, name } of rows) {
      const tag = path.slice(-8);
      expect([path, name]).toEqual([path, dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`]?.name]);
    }
  });

  it('lists every attribute that is carried over from the source', () => {
    const section = statement.split(/^## /m).find((part) => part.startsWith('Attributes carried over')) ?? '';
    const listed = [...section.matchAll(/\(([0-9A-F]{4}),([0-9A-F]{4})\)/g)].map(([, group, own]) => `${group}${own}`);
    expect(listed).toEqual([...CARRIED].sort());
  });
});
