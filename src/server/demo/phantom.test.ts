import { describe, expect, it } from 'vitest';
import { numbers, text } from '#core/dicom/dataset.ts';
import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { parsePart10, storedPixels } from '../../../extensions/local-files/node.ts';
import { COLUMNS } from './grid.ts';
import { LESIONS } from './lesions.ts';
import { lesionCentre, lesionMask, phantomSlice } from './phantom.ts';
import { phantomInstance } from './phantomDicom.ts';

const median = (hu: Int16Array, mask: Uint8Array): number => {
  const inside = hu.filter((_, at) => mask[at] === 1).sort();
  return inside[inside.length >> 1]!;
};

describe('the phantom', () => {
  it('is the same each time, and no slice is like its neighbour', () => {
    const [once, again, next] = [phantomSlice(30), phantomSlice(30), phantomSlice(31)];
    expect(Buffer.compare(Buffer.from(once.hu.buffer), Buffer.from(again.hu.buffer))).toBe(0);
    expect(Buffer.compare(Buffer.from(once.hu.buffer), Buffer.from(next.hu.buffer))).not.toBe(0);
  });

  it('holds every lesion where the truth says, with an irregular outline', () => {
    LESIONS.forEach((lesion, index) => {
      const { k, column, row } = lesionCentre(index);
      const slice = phantomSlice(k);
      const mask = lesionMask(slice, index);
      const area = mask.reduce((sum, on) => sum + on, 0);
      expect(area, lesion.name).toBeGreaterThan(60);
      expect(mask[row * COLUMNS + column], lesion.name).toBe(1);
      if (lesion.necrosis === undefined)
        expect(Math.abs(median(slice.hu, mask) - lesion.hu), lesion.name).toBeLessThan(12);
    });
  });

  it('is a CT series whose slices form a volume', () => {
    const files = [0, 1, 2].map((k) => parsePart10(phantomInstance(k), { name: `slice ${k}` }));
    const parsed = files.map((file) => {
      if (!file.ok) throw new Error(file.error.message);
      return file.value;
    });
    const series = imageSeriesOf(parsed.map(({ dataset }) => dataset));
    expect(series.ok && series.value.stack.use).toBe('volume');
    expect(series.ok && series.value.stack.sliceSpacing).toBeCloseTo(3, 9);
    expect(text(parsed[0]!.dataset, '0008103E')).toBe('SYNTHETIC CT PHANTOM - NOT A PATIENT');
    expect(numbers(parsed[0]!.dataset, '00281052')).toEqual([-1024]);
    const pixels = storedPixels(parsed[1]!, 0);
    expect(pixels.ok && pixels.value.values[0]! - 1024).toBeLessThan(-900);
  });
});
