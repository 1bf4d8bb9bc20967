import type { Rgb } from '#core/labelmap/segment.ts';

/**
 * sRGB to Recommended Display CIELab Value and back (PS3.3 C.10.7.1.1). The white is D65, as in DCMTK, 3D Slicer and Cornerstone: the
 * text can be read as D50, but then a colour would change on its way through any of them.
 * L* 0..100 is 0..65535; a* and b* -128..127 are 0..65535, so that 0 is 32896 (0x8080).
 */
export function cielabOf(rgb: Rgb): readonly [number, number, number] {
  const [r, g, b] = rgb.map((value) => linear(value / 255)) as [number, number, number];
  const xyz = TO_XYZ.map(([x, y, z]) => x * r + y * g + z * b) as [number, number, number];
  const [fx, fy, fz] = xyz.map((value, index) => compressed(value / WHITE[index]!)) as [number, number, number];
  const l = 116 * fy - 16;
  return [scaled(l / 100), scaled((500 * (fx - fy) + 128) / 255), scaled((200 * (fy - fz) + 128) / 255)];
}

export function rgbOf(cielab: readonly [number, number, number]): Rgb {
  const l = (cielab[0] / 65535) * 100;
  const a = (cielab[1] / 65535) * 255 - 128;
  const b = (cielab[2] / 65535) * 255 - 128;
  const fy = (l + 16) / 116;
  const xyz = [fy + a / 500, fy, fy - b / 200].map((f, index) => expanded(f) * WHITE[index]!) as [
    number,
    number,
    number,
  ];
  const [red, green, blue] = TO_RGB.map(([x, y, z]) => {
    const value = gamma(x * xyz[0] + y * xyz[1] + z * xyz[2]);
    return Math.min(255, Math.max(0, Math.round(value * 255)));
  }) as [number, number, number];
  return [red, green, blue];
}

type Row = readonly [number, number, number];

/** D65. */
const WHITE: Row = [0.95047, 1, 1.08883];

/** Linear sRGB to XYZ (IEC 61966-2-1) and its inverse. */
const TO_XYZ: readonly Row[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const TO_RGB: readonly Row[] = [
  [3.2404542, -1.5371385, -0.4985314],
  [-0.969266, 1.8760108, 0.041556],
  [0.0556434, -0.2040259, 1.0572252],
];

const scaled = (share: number): number => Math.min(65535, Math.max(0, Math.round(share * 65535)));
const linear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const gamma = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
const EPSILON = 216 / 24389;
const KAPPA = 24389 / 27;
const compressed = (t: number): number => (t > EPSILON ? Math.cbrt(t) : (KAPPA * t + 16) / 116);
const expanded = (f: number): number => (f ** 3 > EPSILON ? f ** 3 : (116 * f - 16) / KAPPA);
