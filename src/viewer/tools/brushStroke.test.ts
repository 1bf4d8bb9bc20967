import { describe, expect, it } from 'vitest';
import { patientPoint, slicePoint } from '#core/geometry/coordinates.ts';
import type { ImagePlane } from '#core/geometry/imagePlane.ts';
import { paintCapsule } from './brushStroke.ts';
import { draggedWindow } from './windowLevelTool.ts';

const plane = (rowSpacing: number, columnSpacing: number): ImagePlane => ({
  rows: 40,
  columns: 40,
  rowSpacing,
  columnSpacing,
  position: patientPoint(0, 0, 0),
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
});
const count = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0);

describe('a brush stroke', () => {
  it('covers a disc of the radius in millimetres, wider in pixels where pixels are narrow', () => {
    const mask = new Uint8Array(1600);
    paintCapsule(mask, plane(2, 1), slicePoint(20, 20), slicePoint(20, 20), 6, 1);
    const row = mask.slice(20 * 40, 21 * 40);
    const column = Array.from({ length: 40 }, (_, j) => mask[j * 40 + 20]!);
    expect(count(row)).toBe(13);
    expect(column.reduce((a, b) => a + b, 0)).toBe(7);
  });

  it('leaves no gap between two distant mouse positions', () => {
    const mask = new Uint8Array(1600);
    paintCapsule(mask, plane(1, 1), slicePoint(5, 20), slicePoint(35, 20), 0.5, 1);
    expect(count(mask)).toBe(31);
  });

  it('erases what it covers and nothing else, and stays inside the image at its edge', () => {
    const mask = new Uint8Array(1600).fill(1);
    paintCapsule(mask, plane(1, 1), slicePoint(-1, -1), slicePoint(-1, -1), 2.3, 0);
    expect(1600 - count(mask)).toBe(3);
  });
});

describe('a window drag', () => {
  it('widens to the right and lowers the centre upwards, in proportion to the present width', () => {
    const window = draggedWindow({ lower: 0, upper: 10, source: 'preset' }, 300, -30);
    expect(window).toEqual({ lower: -6, upper: 14, source: 'reader' });
  });

  it('never turns a window inside out', () => {
    const { lower, upper } = draggedWindow({ lower: 0, upper: 1e-3, source: 'preset' }, -5000, 0);
    expect(upper).toBeGreaterThan(lower);
  });
});
