import type { CallOptions } from './state.ts';

/** The reader's credentials towards the archive, as the configuration of the installation asks for them. */
export interface Authorization {
  /** Value of the Authorization header of the next request; undefined: none is needed. Waits for a sign-in that is under way. */
  header(options?: CallOptions): Promise<string | undefined>;
  /**
   * The archive answered 401 to this header. Gets another one: silently where that is possible, else by asking the reader.
   * @returns whether the request is worth another try
   */
  renew(refused: string | undefined, options?: CallOptions): Promise<boolean>;
}

/** What the host gives an extension at the very beginning. */
export interface ExtensionServices {
  readonly authorization?: Authorization | undefined;
}
