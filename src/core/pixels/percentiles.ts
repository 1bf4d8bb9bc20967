/** Which values take part: all numbers, or only those that differ from zero (air and padding of MR and PET). */
export type CountedValues = 'all-voxels' | 'non-zero-voxels';

/**
 * Percentiles of the values of many slices, exact and linearly interpolated between order statistics (as numpy's default), in
 * two passes and 0.5 MB whatever the volume's size: a radix selection on the bits of the float32 values.
 * @param slices iterated twice; NaN is left out
 * @param percents each 0 to 100
 * @returns one value per percent; undefined where no value takes part
 */
export function percentiles(
  slices: Iterable<Float32Array>,
  percents: readonly number[],
  counted: CountedValues,
): readonly number[] | undefined {
  return finished(percentileSteps(slices, percents, counted));
}

/** The same slice by slice, for a thread that has other things to do meanwhile: yields after each one, in both passes. */
export function* percentileSteps(
  slices: Iterable<Float32Array>,
  percents: readonly number[],
  counted: CountedValues,
): Generator<undefined, readonly number[] | undefined> {
  const skipZero = counted === 'non-zero-voxels';
  const high = new Float64Array(BUCKETS);
  let count = 0;
  for (const values of slices) {
    forEachKey(values, skipZero, (key) => {
      high[key >>> 16]! += 1;
      count += 1;
    });
    yield;
  }
  if (count === 0) return undefined;

  const places = percents.map((percent) => (Math.min(Math.max(percent, 0), 100) / 100) * (count - 1));
  const ranks = new Set(places.flatMap((place) => [Math.floor(place), Math.ceil(place)]));
  const buckets = new Map<number, { readonly before: number; readonly low: Float64Array }>();
  const bucketOfRank = new Map<number, number>();
  for (const rank of ranks) {
    const { bucket, before } = locate(high, rank);
    bucketOfRank.set(rank, bucket);
    if (!buckets.has(bucket)) buckets.set(bucket, { before, low: new Float64Array(BUCKETS) });
  }
  for (const values of slices) {
    forEachKey(values, skipZero, (key) => {
      const found = buckets.get(key >>> 16);
      if (found !== undefined) found.low[key & 0xffff]! += 1;
    });
    yield;
  }

  const valueOfRank = (rank: number): number => {
    const bucket = bucketOfRank.get(rank)!;
    const { before, low } = buckets.get(bucket)!;
    return floatOfKey(((bucket << 16) | locate(low, rank - before).bucket) >>> 0);
  };
  return places.map((place) => {
    const below = valueOfRank(Math.floor(place));
    return below + (valueOfRank(Math.ceil(place)) - below) * (place - Math.floor(place));
  });
}

/** What work that is done in steps comes to, without a pause. */
export function finished<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const BUCKETS = 0x10000;
const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** float32 bits in an order that sorts like the numbers: negatives flipped, positives after them. */
function forEachKey(values: Float32Array, skipZero: boolean, visit: (key: number) => void): void {
  const raw = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let index = 0; index < raw.length; index += 1) {
    const value = values[index]!;
    if (Number.isNaN(value) || (skipZero && value === 0)) continue;
    const pattern = raw[index]!;
    visit((pattern & 0x80000000) !== 0 ? ~pattern >>> 0 : (pattern | 0x80000000) >>> 0);
  }
}

function floatOfKey(key: number): number {
  bits[0] = (key & 0x80000000) !== 0 ? key & 0x7fffffff : ~key >>> 0;
  return float[0]!;
}

/** The bucket that holds the element of this rank, and how many elements lie in the buckets before it. */
function locate(histogram: Float64Array, rank: number): { bucket: number; before: number } {
  let before = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const next = before + histogram[bucket]!;
    if (rank < next) return { bucket, before };
    before = next;
  }
  throw new Error(`Rank ${rank} is beyond the ${before} values counted`);
}
