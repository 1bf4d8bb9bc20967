import { describe, expect, it } from 'vitest';
import { segmentOptions } from './options.ts';

const read = (line: string) => segmentOptions(line.split(' '));

describe('the arguments of segment', () => {
  it('pair each slice with its box', () => {
    const options = read('--dicom d --slice 4 --box 1,2,3,4 --slice 1.2.840.1 --box 5,6,7.5,8 --range 2:9');
    expect(options).toMatchObject({
      ok: true,
      value: {
        dicom: 'd',
        boxes: [
          { slice: '4', box: { x0: 1, y0: 2, x1: 3, y1: 4 } },
          { slice: '1.2.840.1', box: { x0: 5, y0: 6, x1: 7.5, y1: 8 } },
        ],
        range: { first: 2, last: 9 },
        label: 'Lesion',
      },
    });
  });

  it.each([
    ['no folder', '--slice 4 --box 1,2,3,4'],
    ['a box without a slice', '--dicom d --box 1,2,3,4'],
    ['a box turned over', '--dicom d --slice 4 --box 3,2,1,4'],
    ['a box of three numbers', '--dicom d --slice 4 --box 1,2,3'],
    ['a box of words', '--dicom d --slice 4 --box a,b,c,d'],
    ['a box with an empty number', '--dicom d --slice 4 --box 1,,3,4'],
    ['a range turned over', '--dicom d --slice 4 --box 1,2,3,4 --range 9:2'],
    ['an unknown option', '--dicom d --slice 4 --box 1,2,3,4 --boxes 2'],
    ['half a thread', '--dicom d --slice 4 --box 1,2,3,4 --threads 0.5'],
    ['a label longer than DICOM allows', `--dicom d --slice 4 --box 1,2,3,4 --label ${'x'.repeat(65)}`],
  ])('refuse %s', (_, line) => {
    const options = read(line);
    expect(options.ok ? undefined : options.error.code).toBe('usage');
  });
});
