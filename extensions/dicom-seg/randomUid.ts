import { uidOfRandomBytes } from './model/uid.ts';

/** A new UID from the cryptographic generator of the platform (randomUUID would need a secure context). */
export const randomUid = (): string => uidOfRandomBytes(crypto.getRandomValues(new Uint8Array(16)));
