/** How the bytes of a data set are laid out (PS3.5 section 10 and Annex A). */
export interface TransferSyntax {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
  readonly encapsulated: boolean;
}

export const IMPLICIT_LE = '1.2.840.10008.1.2';
export const EXPLICIT_LE = '1.2.840.10008.1.2.1';
export const DEFLATED_LE = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_BE = '1.2.840.10008.1.2.2';
export const RLE = '1.2.840.10008.1.2.5';

/** Every syntax but the four native ones is explicit little endian with encapsulated pixel data. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  return {
    explicitVr: uid !== IMPLICIT_LE,
    littleEndian: uid !== EXPLICIT_BE,
    encapsulated: ![IMPLICIT_LE, EXPLICIT_LE, DEFLATED_LE, EXPLICIT_BE].includes(uid),
  };
}

/** Each frame deflated on its own (Supplement 244). */
export const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';
