/**
 * An expected failure, told in three parts: a stable code, what happened, and what the reader can do about it.
 * Plain and cloneable, so that it crosses a worker boundary unchanged. It never carries patient data in `message`.
 */
export interface AppError {
  /** kebab-case, stable: tests, translations and logs key on it. */
  readonly code: string;
  /** What happened, one sentence. */
  readonly message: string;
  /** What the reader can do, one sentence in the imperative. */
  readonly remedy?: string;
  /** Technical detail for a bug report: the message of the underlying failure. */
  readonly cause?: string;
  /** Names and numbers that belong to the failure (file name, status, expected, actual). */
  readonly context?: Readonly<Record<string, string | number | boolean>>;
}

export interface AppErrorDetail {
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
  readonly context?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Builds an {@link AppError}; `cause` may be whatever was thrown. */
export function appError(code: string, message: string, detail: AppErrorDetail = {}): AppError {
  return {
    code,
    message,
    ...(detail.remedy === undefined ? {} : { remedy: detail.remedy }),
    ...(detail.cause === undefined ? {} : { cause: describeThrown(detail.cause) }),
    ...(detail.context === undefined ? {} : { context: detail.context }),
  };
}

/** The message of anything that was thrown. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : JSON.stringify(thrown);
}

/** Closes a union: a new member that is not handled fails to compile, and throws if it comes from outside. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
