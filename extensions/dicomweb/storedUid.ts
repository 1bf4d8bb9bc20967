/**
 * Media Storage SOP Instance UID (0002,0003) of a Part-10 file: the file meta is always explicit VR little endian (PS3.10 7.1),
 * so its elements can be walked without a dictionary.
 */
export function storedInstanceUid(part10: Uint8Array): string | undefined {
  const view = new DataView(part10.buffer, part10.byteOffset, part10.byteLength);
  for (let at = 132; at + 12 <= part10.length; ) {
    if (view.getUint16(at, true) !== 0x0002) return undefined;
    const vr = String.fromCharCode(part10[at + 4]!, part10[at + 5]!);
    const long = vr === 'OB' || vr === 'UN';
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const start = at + (long ? 12 : 8);
    if (start + length > part10.length) return undefined;
    if (view.getUint16(at + 2, true) === 0x0003) {
      return String.fromCharCode(...part10.subarray(start, start + length)).replace(/\0+$/, '');
    }
    at = start + length;
  }
  return undefined;
}
