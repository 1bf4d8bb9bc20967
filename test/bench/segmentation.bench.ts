import { describe, it } from 'vitest';
import { decodeSegmentation } from '../../extensions/dicom-seg/decode.ts';
import { encodeSegmentation } from '../../extensions/dicom-seg/encode.ts';
import { placeOnSeries } from '../../extensions/dicom-seg/model/place.ts';
import { verifyEncoded } from '../../extensions/dicom-seg/verify.ts';
import { seriesOf } from '../dicom/support/readSeries.ts';
import { labelmapOf, requestOf, testSegment } from '../dicom/support/segments.ts';
import { syntheticSeries } from '../dicom/support/syntheticSeries.ts';

const RUNS = 7;

/** Two segments on 300 slices of 512 x 512: as large as a thorax CT with thin slices. */
function largeCase(columns: number, rows: number) {
  const series = seriesOf(
    syntheticSeries({
      columns,
      rows,
      slices: 300,
      geometry: 'axial',
      source: 'CT',
      order: 'descending',
      decimals: 'numbers',
      patient: 'plain',
      serial: 0,
    }),
  );
  const disc = (cx: number, radius: number, k: number): Uint8Array =>
    Uint8Array.from({ length: columns * rows }, (_, p) =>
      Math.hypot((p % columns) - cx, Math.floor(p / columns) - rows / 2) < radius - Math.abs(k - 150) / 5 ? 1 : 0,
    );
  const slices = (cx: number, radius: number) =>
    new Map(series.frames.map((_, k) => [k, disc(cx, radius, k)] as const));
  return {
    series,
    labelmap: labelmapOf(series, [
      [testSegment(1), slices(180, 90)],
      [testSegment(2), slices(340, 60)],
    ]),
  };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Processor time, ms: unlike the time on the wall it means the same on a busy machine. */
function timed(run: () => void): number {
  const times: number[] = [];
  for (let n = 0; n < RUNS; n += 1) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  return median(times);
}

describe('speed of writing and reading', () => {
  for (const [columns, rows] of [
    [512, 512],
    [511, 511],
  ] as const) {
    it(`two segments ${columns}x${rows}x300`, { timeout: 300_000 }, () => {
      const { series, labelmap } = largeCase(columns, rows);
      const encoded = encodeSegmentation(requestOf(series, labelmap));
      if (!encoded.ok) throw new Error(encoded.error.code);
      const { bytes } = encoded.value;
      const voxels = 2 * 300 * columns * rows;
      const measured = {
        encode: timed(() => encodeSegmentation(requestOf(series, labelmap))),
        decode: timed(() => {
          const decoded = decodeSegmentation(bytes);
          if (!decoded.ok || !placeOnSeries(decoded.value, series).ok) throw new Error('not decoded');
        }),
        verify: timed(() => {
          if (!verifyEncoded(bytes, series, labelmap).ok) throw new Error('not verified');
        }),
        'memcpy of the masks': timed(() => {
          new Uint8Array(voxels).set(new Uint8Array(voxels));
        }),
      };
      for (const [what, ms] of Object.entries(measured)) {
        console.log(
          `${columns}x${rows}x300x2 ${what}: ${ms.toFixed(0)} ms CPU, ${(voxels / 1e3 / ms).toFixed(0)} MB/s of mask, file ${(bytes.length / 2 ** 20).toFixed(1)} MiB`,
        );
      }
    });
  }
});
