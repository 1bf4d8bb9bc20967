import { type AppError, appError } from '#core/errors.ts';
import type { AuthConfig, Authorization, CallOptions, ReadableState } from '#extension-api';
import { cell } from '../cell.ts';
import type { Credential, OidcClient, SignInAttempt } from './oidc.ts';

export type SignInState =
  | { readonly kind: 'signed-out' }
  /** Requests wait for the reader. `again`: the session ended in the middle of work. */
  | { readonly kind: 'asking'; readonly again: boolean; readonly error: AppError | undefined }
  | { readonly kind: 'signed-in'; readonly name: string | undefined; readonly owner: string | undefined };

export interface SignIn {
  readonly how: AuthConfig['kind'];
  readonly authorization: Authorization;
  readonly state: ReadableState<SignInState>;
  /** Address of the provider's page, once it is known; to be opened by a click, or the browser blocks it. */
  readonly address: ReadableState<string | undefined>;
  /** What came back from the provider's page. */
  returned(parameters: URLSearchParams): Promise<void>;
  /** Name and password, or a token. */
  enter(given: { readonly user: string; readonly password: string } | { readonly token: string }): void;
  /** The requests that wait fail; the work stays. */
  cancel(): void;
  signOut(): void;
  /** The last session was ended by signing out: a cancelled question or a lapsed token ends none. */
  endedByReader(): boolean;
}

/** A token that ends within this time is renewed before it is used. */
const EARLY_MS = 30_000;

/** One sign-in for all requests of the page: whoever needs it waits for the same. Credentials stay in memory. */
export function createSignIn(how: AuthConfig['kind'], oidc: OidcClient | undefined): SignIn {
  const state = cell<SignInState>({ kind: 'signed-out' });
  const address = cell<string | undefined>(undefined);
  let credential: Credential | undefined;
  let ended = false;
  let attempt: SignInAttempt | undefined;
  let renewing: Promise<boolean> | undefined;
  let asking: { readonly done: Promise<boolean>; readonly settle: (signedIn: boolean) => void } | undefined;

  function accept(next: Credential): void {
    ended = false;
    credential = next;
    state.set({ kind: 'signed-in', name: next.name, owner: next.owner });
  }

  function settle(signedIn: boolean): void {
    const waiting = asking;
    asking = undefined;
    attempt = undefined;
    address.set(undefined);
    waiting?.settle(signedIn);
  }

  async function prepare(error: AppError | undefined): Promise<void> {
    const now = state.getState();
    const again = now.kind === 'asking' && now.again;
    state.set({ kind: 'asking', again, error });
    if (oidc === undefined) return;
    attempt = undefined;
    address.set(undefined);
    const begun = await oidc.begin();
    if (asking === undefined) return;
    if (!begun.ok) {
      state.set({ kind: 'asking', again, error: begun.error });
      return;
    }
    attempt = begun.value;
    address.set(begun.value.url);
  }

  function ask(again: boolean): Promise<boolean> {
    if (asking !== undefined) return asking.done;
    let end: (signedIn: boolean) => void = () => {};
    const done = new Promise<boolean>((resolve) => {
      end = resolve;
    });
    asking = { done, settle: end };
    state.set({ kind: 'asking', again, error: undefined });
    void prepare(undefined);
    return done;
  }

  /** Silently where there is a refresh token, else by asking; one at a time. */
  function renewOnce(): Promise<boolean> {
    renewing ??= (async () => {
      const before = credential;
      if (before?.refreshToken !== undefined && oidc !== undefined) {
        const fresh = await oidc.refresh(before);
        // The reader has signed out, or in anew, while the provider answered: what it says is no longer wanted.
        if (credential !== before) return credential !== undefined;
        if (fresh.ok) {
          accept(fresh.value);
          return true;
        }
      }
      credential = undefined;
      return ask(before !== undefined);
    })().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  const authorization: Authorization = {
    async header(options) {
      const ends = credential?.expiresAt;
      const fresh = credential !== undefined && (ends === undefined || ends - Date.now() > EARLY_MS);
      if (!fresh) await abortable(renewOnce(), options);
      return credential?.header;
    },
    async renew(refused, options) {
      // Another request has got a new one meanwhile.
      if (credential !== undefined && credential.header !== refused) return true;
      return abortable(renewOnce(), options);
    },
  };

  return {
    how,
    authorization,
    state,
    address,
    async returned(parameters) {
      if (attempt === undefined || asking === undefined) return;
      const mine = attempt;
      attempt = undefined;
      const result = await mine.finish(parameters);
      if (asking === undefined) return;
      if (!result.ok) {
        await prepare(result.error);
        return;
      }
      accept(result.value);
      settle(true);
    },
    enter(given) {
      const header = 'token' in given ? `Bearer ${given.token.trim()}` : basic(given.user, given.password);
      if (/[^\x20-\x7e]/.test(header)) {
        const error = appError('bad-credentials', 'The credentials have characters that cannot be sent.');
        state.set({ kind: 'asking', again: false, error });
        return;
      }
      const name = 'user' in given ? given.user : undefined;
      accept({ header, expiresAt: undefined, refreshToken: undefined, owner: undefined, name });
      settle(true);
    },
    cancel() {
      state.set({ kind: 'signed-out' });
      settle(false);
    },
    endedByReader: () => ended,
    signOut() {
      ended = true;
      credential = undefined;
      state.set({ kind: 'signed-out' });
      settle(false);
    },
  };
}

/** RFC 7617, in UTF-8. */
function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function abortable<T>(work: Promise<T>, { signal }: CallOptions = {}): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
