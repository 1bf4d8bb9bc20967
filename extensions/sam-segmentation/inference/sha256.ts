/**
 * SHA-256 as lower-case hexadecimal. WebCrypto where there is one (Node, and pages on https or localhost); a hospital's
 * plain-http intranet page has none, and a model must be checked there too.
 */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // `subtle` is typed as always there, but browsers leave it out of insecure contexts.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  return subtle === undefined ? sha256HexPlain(bytes) : hex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** First 32 bits of the fractional part of a root; FIPS 180-4 4.2.2 and 5.3.3 derive every constant this way. */
const fractionBits = (value: number): number => Math.floor((value - Math.floor(value)) * 2 ** 32) >>> 0;

const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
};

/** FIPS 180-4 section 6.2, without WebCrypto. */
export function sha256HexPlain(bytes: Uint8Array): string {
  const constants = Uint32Array.from(primes(64), (prime) => fractionBits(Math.cbrt(prime)));
  const hash = Uint32Array.from(primes(8), (prime) => fractionBits(Math.sqrt(prime)));
  const schedule = new Uint32Array(64);

  const whole = bytes.length - (bytes.length % 64);
  const tail = new Uint8Array(bytes.length % 64 < 56 ? 64 : 128);
  tail.set(bytes.subarray(whole));
  tail[bytes.length % 64] = 0x80;
  const length = new DataView(tail.buffer);
  length.setUint32(tail.length - 8, Math.floor(bytes.length / 2 ** 29));
  length.setUint32(tail.length - 4, (bytes.length << 3) >>> 0);

  const body = new DataView(bytes.buffer, bytes.byteOffset, whole);
  for (let at = 0; at < whole; at += 64) compress(hash, schedule, constants, body, at);
  for (let at = 0; at < tail.length; at += 64) compress(hash, schedule, constants, length, at);
  return [...hash].map((word) => word.toString(16).padStart(8, '0')).join('');
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function compress(hash: Uint32Array, w: Uint32Array, constants: Uint32Array, block: DataView, at: number): void {
  for (let i = 0; i < 16; i++) w[i] = block.getUint32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const early = w[i - 15]!;
    const late = w[i - 2]!;
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i]! + w[i]!) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const added = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i++) hash[i] = hash[i]! + added[i]!;
}
