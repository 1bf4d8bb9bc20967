/** `2.25.` and the decimal form of a UUID (PS3.5 B.2). @param uuid 36 or 32 hex digits, any case */
export const uidOfUuid = (uuid: string): string => `2.25.${BigInt(`0x${uuid.replaceAll('-', '')}`)}`;

/** A random (version 4, RFC 9562) UUID as UID. @param random 16 bytes from a cryptographic generator */
export function uidOfRandomBytes(random: Uint8Array): string {
  if (random.length !== 16) throw new Error('A UUID has 16 bytes');
  const bytes = Uint8Array.from(random);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return uidOfUuid([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
}

export const isUid = (text: string): boolean => text.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/.test(text);
