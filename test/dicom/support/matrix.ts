import fc from 'fast-check';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import { encodeSegmentation } from '../../../extensions/dicom-seg/encode.ts';
import { seriesOf } from './readSeries.ts';
import { countedUids, labelmapOf, requestOf, testSegment } from './segments.ts';
import { GEOMETRIES, type SeriesShape, SOURCES, syntheticSeries } from './syntheticSeries.ts';

/** One object of the matrix: what it was made of, and its bytes. */
export interface MatrixCase {
  readonly name: string;
  readonly shape: SeriesShape;
  readonly headers: readonly DicomDataset[];
  readonly series: ImageSeries;
  readonly labelmap: Labelmap;
  readonly overlap: boolean;
  readonly bytes: Uint8Array;
}

const SLICES = [1, 2, 3, 5, 40] as const;

/** What is drawn at random for each object; the axes of the matrix are walked in turn. */
const drawn = fc.record({
  rows: fc.integer({ min: 3, max: 40 }),
  columns: fc.integer({ min: 3, max: 40 }),
  order: fc.constantFrom('ascending', 'descending', 'shuffled'),
  decimals: fc.constantFrom('text', 'numbers'),
  patient: fc.constantFrom('plain', 'japanese', 'latin', 'sparse'),
  segmentNumbers: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  overlap: fc.boolean(),
  noise: fc.infiniteStream(fc.nat({ max: 2 ** 31 - 1 })),
});

/** The first `count` objects of the matrix {rows x columns mod 8} x {slices} x {geometry} x {source}. */
export function* matrix(count: number, seed: number): Generator<MatrixCase> {
  const samples = fc.sample(drawn, { numRuns: count, seed });
  for (const [index, sample] of samples.entries()) {
    const remainder = index % 8;
    const [rows, columns] = withRemainder(sample.rows, sample.columns, remainder);
    const shape = {
      rows,
      columns,
      slices: SLICES[Math.floor(index / 8) % SLICES.length]!,
      geometry: GEOMETRIES[Math.floor(index / 3) % GEOMETRIES.length]!,
      source: SOURCES[index % SOURCES.length]!,
      order: sample.order,
      decimals: sample.decimals,
      patient: sample.patient,
      serial: index,
    } as SeriesShape;
    const name = `seed ${seed} #${index} ${rows}x${columns}x${shape.slices} ${shape.geometry} ${shape.source} ${shape.order}`;
    const headers = syntheticSeries(shape);
    const series = seriesOf(headers);
    const labelmap = randomLabelmap(series, sample.segmentNumbers, sample.overlap, sample.noise);
    const encoded = encodeSegmentation(requestOf(series, labelmap, { uids: countedUids(index + 1) }));
    if (!encoded.ok) throw new Error(`${name}: ${encoded.error.code} ${encoded.error.message}`);
    yield { name, shape, headers, series, labelmap, overlap: sample.overlap, bytes: encoded.value.bytes };
  }
}

/** The nearest matrix whose number of pixels leaves this remainder over whole bytes. */
function withRemainder(rows: number, columns: number, remainder: number): readonly [number, number] {
  for (let r = rows; r < rows + 8; r += 1) {
    for (let c = columns; c < columns + 8; c += 1) if ((r * c) % 8 === remainder) return [r, c];
  }
  throw new Error('No such matrix');
}

function randomLabelmap(
  series: ImageSeries,
  numbers: readonly number[],
  overlap: boolean,
  noise: Iterator<number>,
): Labelmap {
  const plane = series.stack.planes[0]!;
  const next = (limit: number): number => (noise.next().value as number) % limit;
  const taken = new Map<number, Uint8Array>();
  const segments = numbers.map((number) => {
    const slices = new Map<number, SliceMask>();
    for (let k = 0; k < series.frames.length; k += 1) {
      if (next(4) === 0 && series.frames.length > 1) continue;
      const mask = blob(plane.columns, plane.rows, next);
      const others = taken.get(k) ?? new Uint8Array(mask.length);
      if (!overlap) for (let p = 0; p < mask.length; p += 1) if (others[p] === 1) mask[p] = 0;
      for (let p = 0; p < mask.length; p += 1) if (mask[p] === 1) others[p] = 1;
      taken.set(k, others);
      if (mask.includes(1)) slices.set(k, mask);
    }
    return [testSegment(number, { label: `Läsion ${number} <=> "é"` }), slices] as const;
  });
  const full = segments.filter(([, slices]) => slices.size > 0);
  if (full.length === 0) {
    const corner = new Uint8Array(plane.columns * plane.rows);
    corner[corner.length - 1] = 1;
    return labelmapOf(series, [[testSegment(numbers[0]!), new Map([[series.frames.length - 1, corner]])]]);
  }
  return labelmapOf(series, segments);
}

/** A rectangle with holes: it may touch the borders, fill the slice, or be one pixel. */
function blob(columns: number, rows: number, next: (limit: number) => number): Uint8Array {
  const mask = new Uint8Array(columns * rows);
  const x0 = next(columns);
  const y0 = next(rows);
  const x1 = x0 + next(columns - x0);
  const y1 = y0 + next(rows - y0);
  const holes = 2 + next(5);
  for (let y = y0; y <= y1; y += 1) {
    for (let x = x0; x <= x1; x += 1) mask[y * columns + x] = (x * 7 + y * 13) % holes === 0 ? 0 : 1;
  }
  mask[y0 * columns + x0] = 1;
  return mask;
}
