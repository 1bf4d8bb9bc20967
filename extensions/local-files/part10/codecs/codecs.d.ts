/** What the emscripten modules of the codecs look like; they bring no types. */
interface CodecFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}
interface CodecDecoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  decode(): void;
  getFrameInfo(): CodecFrameInfo;
  getDecodedBuffer(): Uint8Array;
  /** JPEG-LS only; 0: one colour after the other. */
  getInterleaveMode?(): number;
  delete(): void;
}
type CodecClass = new () => CodecDecoder;
interface CodecModule {
  readonly JpegLSDecoder?: CodecClass;
  readonly J2KDecoder?: CodecClass;
  readonly HTJ2KDecoder?: CodecClass;
  readonly JpegXLDecoder?: CodecClass;
  readonly JPEGDecoder?: CodecClass;
}
type CodecFactory = (options: {
  readonly wasmBinary?: Uint8Array;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
}) => Promise<CodecModule>;

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const factory: CodecFactory;
  export default factory;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const factory: CodecFactory;
  export default factory;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const factory: CodecFactory;
  export default factory;
}
declare module '@cornerstonejs/codec-libjxl/decodewasmjs' {
  const factory: CodecFactory;
  export default factory;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const factory: CodecFactory;
  export default factory;
}
