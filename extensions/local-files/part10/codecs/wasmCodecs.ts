import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** One frame as a codec gives it: samples little endian, interleaved where there are several. */
export interface CodecImage {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly bitsPerSample: number;
  readonly bytes: Uint8Array;
}

/** OpenJPEG does not throw: it says so, and gives what it has. */
const COMPLAINT = /\[ERROR\]|truncated|too short|not enough/i;
let complaints = 0;
const listen = (line: string): void => {
  if (COMPLAINT.test(line)) complaints += 1;
};
/** A new object for each: the modules make it their own. */
const quiet = () => ({ print: listen, printErr: listen });

/** Loaded when first needed: a command that meets no compressed image pays nothing. */
const LOADERS = {
  'jpeg-ls': async () => {
    const { default: factory } = await import('@cornerstonejs/codec-charls/decodewasmjs');
    return (await factory(quiet())).JpegLSDecoder;
  },
  'jpeg-2000': async () => {
    const { default: factory } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
    return (await factory(quiet())).J2KDecoder;
  },
  htj2k: async () => {
    const { default: factory } = await import('@cornerstonejs/codec-openjph/wasmjs');
    return (await factory(quiet())).HTJ2KDecoder;
  },
  'jpeg-xl': async () => {
    const { default: factory } = await import('@cornerstonejs/codec-libjxl/decodewasmjs');
    // This one is built for browsers only: it cannot find its own file here.
    const file = createRequire(import.meta.url).resolve('@cornerstonejs/codec-libjxl/decodewasm');
    return (await factory({ ...quiet(), wasmBinary: await readFile(file) })).JpegXLDecoder;
  },
  jpeg: async () => {
    const { default: factory } = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
    return (await factory(quiet())).JPEGDecoder;
  },
} as const;
export type WasmCodec = keyof typeof LOADERS;

const loaded = new Map<WasmCodec, Promise<CodecClass | undefined>>();

/** Decodes one frame in Node with the codecs that the viewer uses; `undefined` where the code stream is damaged. */
export async function decodeByWasm(codec: WasmCodec, frame: Uint8Array): Promise<CodecImage | undefined> {
  const loading = loaded.get(codec) ?? LOADERS[codec]();
  loaded.set(codec, loading);
  const Decoder = await loading;
  if (Decoder === undefined) throw new Error(`the ${codec} codec has no decoder`);
  // A decoder of its own for each frame: after an error one cannot be used again.
  const decoder = new Decoder();
  try {
    decoder.getEncodedBuffer(frame.length).set(frame);
    const before = complaints;
    decoder.decode();
    if (complaints > before) return undefined;
    const { width: columns, height: rows, bitsPerSample, componentCount: components } = decoder.getFrameInfo();
    const bytes = decoder.getDecodedBuffer().slice();
    const image = { rows, columns, components, bitsPerSample, bytes };
    return decoder.getInterleaveMode?.() === 0 && components > 1 ? { ...image, bytes: interleaved(image) } : image;
  } catch {
    // They throw numbers: addresses of C++ exceptions.
    return undefined;
  } finally {
    decoder.delete();
  }
}

function interleaved({ rows, columns, components, bitsPerSample, bytes }: CodecImage): Uint8Array {
  const width = bitsPerSample > 8 ? 2 : 1;
  const pixels = rows * columns;
  const out = new Uint8Array(bytes.length);
  for (let component = 0; component < components; component += 1) {
    for (let at = 0; at < pixels; at += 1) {
      for (let byte = 0; byte < width; byte += 1) {
        out[(at * components + component) * width + byte] = bytes[(component * pixels + at) * width + byte]!;
      }
    }
  }
  return out;
}
