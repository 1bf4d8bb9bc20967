/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const below = (random: Random, end: number): number => Math.floor(random() * end);
export const oneOf = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)]!;

/** Numbers at the edges of what lengths and offsets can be. */
const EDGES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** One to eight wounds: flipped bits, edge numbers, bytes cut out, doubled, moved, or the end torn off. */
export function mutatedBytes(random: Random, original: Uint8Array): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(original);
  // A single wound gets furthest.
  for (let wounds = random() < 0.6 ? 1 : 1 + below(random, 8); wounds > 0 && bytes.length > 0; wounds -= 1) {
    // Heads of files hold what decides; half of the wounds go there.
    const at = below(random, random() < 0.5 ? Math.min(bytes.length, 512) : bytes.length);
    const length = 1 + below(random, Math.min(64, bytes.length - at));
    switch (below(random, 7)) {
      case 0:
        bytes[at]! ^= 1 << below(random, 8);
        break;
      case 1:
        bytes[at] = below(random, 256);
        break;
      case 2: {
        const edge = oneOf(random, EDGES);
        const view = new DataView(bytes.buffer);
        if (at + 4 <= bytes.length && random() < 0.5) view.setUint32(at, edge, random() < 0.8);
        else if (at + 2 <= bytes.length) view.setUint16(at, edge & 0xffff, random() < 0.8);
        break;
      }
      case 3:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(at + length));
        break;
      case 4:
        bytes = joined(bytes.subarray(0, at + length), bytes.subarray(at));
        break;
      case 5:
        bytes = joined(
          bytes.subarray(0, at),
          Uint8Array.from({ length }, () => below(random, 256)),
          bytes.subarray(at),
        );
        break;
      default:
        if (random() < 0.3) bytes = bytes.slice(0, at);
    }
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  Number.MAX_SAFE_INTEGER,
  0.1,
  '',
  '../../etc/passwd',
  '<img src=x onerror=alert(1)>',
  '\u0000',
  'a'.repeat(5000),
  [],
  {},
  [[[[[[]]]]]],
  { __proto__: null, constructor: 'x' },
];

/** The same value with some of its members gone, doubled or replaced by something strange. */
export function mutatedJson(random: Random, value: unknown): unknown {
  let wounds = 1 + below(random, 4);
  const walk = (node: unknown, depth: number): unknown => {
    if (wounds > 0 && random() < 0.04 + depth * 0.02) {
      wounds -= 1;
      return typeof node === 'number' && random() < 0.5
        ? oneOf(random, EDGES) * (random() < 0.3 ? -1 : 1)
        : oneOf(random, STRANGE);
    }
    if (Array.isArray(node)) {
      const items = node.map((item) => walk(item, depth + 1));
      if (wounds > 0 && random() < 0.05) items.push(...items);
      return items;
    }
    if (typeof node !== 'object' || node === null) return node;
    const kept = Object.entries(node).filter(() => !(wounds > 0 && random() < 0.03));
    return Object.fromEntries(kept.map(([key, member]) => [key, walk(member, depth + 1)]));
  };
  return walk(structuredClone(value), 0);
}
