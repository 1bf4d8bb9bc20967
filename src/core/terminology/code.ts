/** A coded concept (PS3.3 8.8): value, scheme and meaning travel together. */
export interface Code {
  readonly value: string;
  /** 'SCT' or 'DCM'; never the retired 'SRT'. */
  readonly scheme: string;
  readonly meaning: string;
}

export const code = (value: string, scheme: string, meaning: string): Code => ({ value, scheme, meaning });

export const sameCode = (a: Code, b: Code): boolean => a.value === b.value && a.scheme === b.scheme;
