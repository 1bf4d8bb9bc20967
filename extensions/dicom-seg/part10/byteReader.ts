/** What is wrong with a file; becomes an AppError at the door. */
export class Malformed extends Error {}

/** Bounded reads over a stretch of a file. Every read past the end is an error, never a zero. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly little: boolean;
  offset: number;
  readonly end: number;

  constructor(bytes: Uint8Array, offset: number, end: number, little: boolean) {
    if (end > bytes.length)
      throw new Malformed(`a length reaches ${end - bytes.length} bytes beyond the end of the file`);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = little;
    this.offset = offset;
    this.end = end;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), this.little);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), this.little);
  }

  ascii(length: number): string {
    const start = this.advance(length);
    return String.fromCharCode(...this.bytes.subarray(start, start + length));
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /** A reader of the next `length` bytes, which this one skips. */
  within(length: number): ByteReader {
    const start = this.advance(length);
    return new ByteReader(this.bytes, start, start + length, this.little);
  }

  private advance(length: number): number {
    const start = this.offset;
    if (start + length > this.end) throw new Malformed(`the file ends ${start + length - this.end} bytes too early`);
    this.offset = start + length;
    return start;
  }
}
