/** AES-GCM under keys that cannot be read out (WebCrypto). The place of a piece is authenticated with it, so pieces cannot be swapped. */
const ALGORITHM = 'AES-GCM';
const IV_BYTES = 12;

export const newKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, ['encrypt', 'decrypt']);

/** Key of the hash that stands for UIDs in the database. */
export const newHashKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

/** An opaque name for something that must not be written in the clear. */
export async function hashed(key: CryptoKey, text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)));
  return Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @returns initialisation vector, then ciphertext with its tag */
export async function seal(key: CryptoKey, place: string, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const parameters = { name: ALGORITHM, iv, additionalData: new TextEncoder().encode(place) };
  const sealed = await crypto.subtle.encrypt(parameters, key, bytes as Uint8Array<ArrayBuffer>);
  const out = new Uint8Array(IV_BYTES + sealed.byteLength);
  out.set(iv);
  out.set(new Uint8Array(sealed), IV_BYTES);
  return out;
}

/** Rejects where a byte, the key or the place is another one. */
export async function unseal(key: CryptoKey, place: string, sealed: Uint8Array): Promise<Uint8Array> {
  const iv = sealed.slice(0, IV_BYTES);
  const parameters = { name: ALGORITHM, iv, additionalData: new TextEncoder().encode(place) };
  return new Uint8Array(await crypto.subtle.decrypt(parameters, key, sealed.slice(IV_BYTES)));
}
