import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import openJph from '@cornerstonejs/codec-openjph/wasmjs';
import { parsePart10, pixelLayout, withFileMeta } from '../../extensions/local-files/node.ts';

/** The encoders of the codec packages; only tests use them. */
interface Encoder {
  getDecodedBuffer(frame: {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
    readonly isUsingColorTransform: boolean;
  }): Uint8Array;
  setQuality?(reversible: boolean, step: number): void;
  setLossless?(lossless: boolean): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}

async function encoders(): Promise<Readonly<Record<string, () => Encoder>>> {
  const require = createRequire(import.meta.url);
  const jxl = (await import('@cornerstonejs/codec-libjxl/encodewasmjs' as string)) as {
    default: (options: object) => Promise<{ readonly JpegXLEncoder: new () => Encoder }>;
  };
  const wasmBinary = await readFile(require.resolve('@cornerstonejs/codec-libjxl/encodewasm'));
  const silent = { print: () => undefined, printErr: () => undefined };
  const { JpegXLEncoder } = await jxl.default({ ...silent, wasmBinary });
  const { HTJ2KEncoder } = (await openJph({ ...silent })) as unknown as { readonly HTJ2KEncoder: new () => Encoder };
  return {
    '1.2.840.10008.1.2.4.201': () => {
      const encoder = new HTJ2KEncoder();
      encoder.setQuality?.(true, 0);
      return encoder;
    },
    '1.2.840.10008.1.2.4.110': () => {
      const encoder = new JpegXLEncoder();
      encoder.setLossless?.(true);
      return encoder;
    },
  };
}

/**
 * A grey-scale image (uncompressed, explicit little endian, one frame) again in syntaxes of which the corpus has no grey sample:
 * HTJ2K lossless, and JPEG XL lossless where it is unsigned. The stored values stay the same.
 */
export async function encodedAgain(bytes: Uint8Array): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const file = parsePart10(bytes, { name: 'the original' });
  if (!file.ok || file.value.pixelData?.kind !== 'native') throw new Error('the image is not what is needed');
  const layout = pixelLayout(file.value);
  if (!layout.ok) throw new Error(layout.error.message);
  const { offset, length } = file.value.pixelData;
  const { rows: height, columns: width, bitsStored, signed } = layout.value;
  const pixels = bytes.subarray(offset, offset + length);
  const dataset = bytes.subarray(Math.min(...[...file.value.raw.values()].map((it) => it.offset)) - 8, offset - 12);
  const out = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [transferSyntaxUID, make] of Object.entries(await encoders())) {
    // The encoder of JPEG XL takes unsigned samples only.
    if (signed && transferSyntaxUID.endsWith('.110')) continue;
    const encoder = make();
    const frame = { width, height, bitsPerSample: bitsStored, componentCount: 1, isSigned: signed };
    encoder.getDecodedBuffer({ ...frame, isUsingColorTransform: false }).set(pixels);
    encoder.encode();
    const whole = Buffer.concat([dataset, encapsulated(encoder.getEncodedBuffer())]);
    const [sopClassUID, sopInstanceUID] = ['00080016', '00080018'].map((tag) =>
      String(file.value.dataset[tag]?.Value?.[0]),
    );
    const uids = { sopClassUID: sopClassUID!, sopInstanceUID: sopInstanceUID!, transferSyntaxUID };
    out.set(transferSyntaxUID, new Uint8Array(withFileMeta(whole, uids).bytes));
  }
  return out;
}

/** Pixel Data of one frame in one fragment, with an empty offset table (PS3.5 A.4). */
function encapsulated(frame: Uint8Array): Buffer {
  const item = (length: number): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(0xfffe, 0);
    head.writeUInt16LE(0xe000, 2);
    head.writeUInt32LE(length, 4);
    return head;
  };
  const padded = Buffer.concat([frame, Buffer.alloc(frame.length % 2)]);
  const head = Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  return Buffer.concat([head, item(0), item(padded.length), padded, Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0])]);
}
