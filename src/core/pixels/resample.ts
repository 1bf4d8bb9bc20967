/** Where equally spaced samples fall on an axis of pixels, for linear interpolation. */
export interface AxisSamples {
  /** The two pixels between which each sample lies; equal at the border. */
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  /** Share of `upper`, 0 to 1. */
  readonly weight: Float64Array;
  /** 1 where the sample lies on the image: from half a pixel before the first centre to half a pixel after the last. */
  readonly inside: Uint8Array;
}

/**
 * @param count number of samples
 * @param first position of sample 0, px of the source axis (pixel centres at integers)
 * @param step distance between samples, px
 * @param length pixels of the source axis
 */
export function axisSamples(count: number, first: number, step: number, length: number): AxisSamples {
  const lower = new Int32Array(count);
  const upper = new Int32Array(count);
  const weight = new Float64Array(count);
  const inside = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const position = first + index * step;
    inside[index] = position >= -0.5 && position <= length - 0.5 ? 1 : 0;
    const clamped = Math.min(Math.max(position, 0), length - 1);
    lower[index] = Math.floor(clamped);
    upper[index] = Math.min(lower[index]! + 1, length - 1);
    weight[index] = clamped - lower[index]!;
  }
  return { lower, upper, weight, inside };
}

/** The samples from one to another, both included. */
export function samplesBetween({ lower, upper, weight, inside }: AxisSamples, from: number, to: number): AxisSamples {
  return {
    lower: lower.subarray(from, to + 1),
    upper: upper.subarray(from, to + 1),
    weight: weight.subarray(from, to + 1),
    inside: inside.subarray(from, to + 1),
  };
}

/**
 * Bilinear resampling on a grid given by its two axes.
 * @param values source, index = row * columns + column
 * @param outside value of samples that lie off the image
 * @returns row-major, x.weight.length columns
 */
export function resampleBilinear(
  values: Float32Array,
  columns: number,
  x: AxisSamples,
  y: AxisSamples,
  outside: number,
): Float32Array {
  const width = x.weight.length;
  const height = y.weight.length;
  const out = new Float32Array(width * height).fill(outside);
  for (let row = 0; row < height; row += 1) {
    if (y.inside[row] === 0) continue;
    const above = y.lower[row]! * columns;
    const below = y.upper[row]! * columns;
    const down = y.weight[row]!;
    for (let column = 0; column < width; column += 1) {
      if (x.inside[column] === 0) continue;
      const left = x.lower[column]!;
      const right = x.upper[column]!;
      const across = x.weight[column]!;
      const upperRow = values[above + left]! * (1 - across) + values[above + right]! * across;
      const lowerRow = values[below + left]! * (1 - across) + values[below + right]! * across;
      out[row * width + column] = upperRow * (1 - down) + lowerRow * down;
    }
  }
  return out;
}
