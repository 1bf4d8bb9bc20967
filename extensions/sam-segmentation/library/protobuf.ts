/** One field of a protobuf message: a number, or the bytes of whatever it holds. */
export type WireField =
  | { readonly number: number; readonly kind: 'varint'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** What stands where a protobuf message was expected. */
export class NotProtobuf extends Error {}

/**
 * Fields of a protobuf message in their order, without copying: what is long (weights) is skipped over, not read. Fixed-width
 * numbers, which nothing we look for uses, are left out.
 * Source: protobuf.dev, "Encoding".
 * @throws NotProtobuf where a field is cut off, or of a kind that does not exist
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      // Ten bytes are 64 bits; numbers above 2^53 lose their last digits, and no length or type is as large.
      if (byte === undefined || scale > 128 ** 9) throw new NotProtobuf('a number is cut off');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const skip = (length: number): void => {
    if (length > message.length - at) throw new NotProtobuf('a field is cut off');
    at += length;
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new NotProtobuf('a field has no number');
    switch (tag % 8) {
      case 0:
        yield { number, kind: 'varint', value: varint() };
        break;
      case 1:
        skip(8);
        break;
      case 2: {
        const length = varint();
        const start = at;
        skip(length);
        yield { number, kind: 'bytes', bytes: message.subarray(start, at) };
        break;
      }
      case 5:
        skip(4);
        break;
      default:
        throw new NotProtobuf('a field is of a kind that does not exist');
    }
  }
}
