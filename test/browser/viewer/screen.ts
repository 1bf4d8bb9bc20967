import { inflateSync } from 'node:zlib';

type Rgb = readonly [number, number, number];

/** Colour of one pixel of a PNG of 8 bits per channel without interlace, which is what Chromium's screenshots are. */
export function colorAt(png: Buffer, x: number, y: number): Rgb {
  const { pixels, stride, channels } = decoded(png);
  const at = y * stride + x * channels;
  return [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
}

export const isNear = (seen: Rgb, wanted: Rgb): boolean =>
  seen.every((value, channel) => Math.abs(value - wanted[channel]!) <= 40);

interface Picture {
  readonly pixels: Uint8Array;
  readonly stride: number;
  readonly channels: number;
}
const pictures = new WeakMap<Buffer, Picture>();

function decoded(png: Buffer): Picture {
  const known = pictures.get(png);
  if (known !== undefined) return known;
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = png[25] === 6 ? 4 : 3;
  const stride = width * channels;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(parts));
  const pixels = new Uint8Array(stride * height);
  for (let row = 0; row < height; row += 1) unfilter(raw, row, pixels, stride, channels);
  const picture = { pixels, stride, channels };
  pictures.set(png, picture);
  return picture;
}

/** PNG specification, section 9: each row is stored as a difference from its neighbours. */
function unfilter(raw: Buffer, row: number, pixels: Uint8Array, stride: number, channels: number): void {
  const filter = raw[row * (stride + 1)]!;
  const out = row * stride;
  for (let index = 0; index < stride; index += 1) {
    const left = index >= channels ? pixels[out + index - channels]! : 0;
    const up = row > 0 ? pixels[out + index - stride]! : 0;
    const corner = index >= channels && row > 0 ? pixels[out + index - stride - channels]! : 0;
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
    pixels[out + index] = raw[row * (stride + 1) + 1 + index]! + predicted;
  }
}

function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}
