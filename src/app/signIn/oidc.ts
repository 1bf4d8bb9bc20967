import * as oauth from 'oauth4webapi';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { AuthConfig } from '#extension-api';

/** What signing in gave; in memory only. */
export interface Credential {
  /** Value of the Authorization header. */
  readonly header: string;
  /** When it ends, ms since 1970; undefined where nothing was said. */
  readonly expiresAt: number | undefined;
  readonly refreshToken: string | undefined;
  /** Who it is, for the key of what is kept: issuer and subject. */
  readonly owner: string | undefined;
  readonly name: string | undefined;
}

/** A sign-in that has begun: the reader goes to the address, and comes back with parameters. */
export interface SignInAttempt {
  readonly url: string;
  finish(parameters: URLSearchParams): Promise<Result<Credential>>;
}

export interface OidcClient {
  begin(): Promise<Result<SignInAttempt>>;
  refresh(credential: Credential): Promise<Result<Credential>>;
}

type OidcConfig = Extract<AuthConfig, { readonly kind: 'oidc' }>;

/** OpenID Connect towards any provider: discovery, code flow with PKCE, state and nonce, refresh (OpenID Connect Core 1.0, RFC 7636). */
export function createOidcClient(config: OidcConfig, redirectUri: string): OidcClient {
  const issuer = new URL(config.issuer);
  // Plain http for a provider on this very machine only.
  const local = issuer.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(issuer.hostname);
  const options = { [oauth.allowInsecureRequests]: local };
  const client: oauth.Client = { client_id: config.clientId };
  let discovered: Promise<oauth.AuthorizationServer> | undefined;

  const server = (): Promise<oauth.AuthorizationServer> => {
    discovered ??= oauth
      .discoveryRequest(issuer, options)
      .then((response) => oauth.processDiscoveryResponse(issuer, response));
    discovered.catch(() => {
      discovered = undefined;
    });
    return discovered;
  };

  function credentialOf(answer: oauth.TokenEndpointResponse, before?: Credential): Credential {
    const claims = oauth.getValidatedIdTokenClaims(answer);
    const name = claims?.name ?? claims?.preferred_username;
    return {
      header: `Bearer ${answer.access_token}`,
      expiresAt: answer.expires_in === undefined ? undefined : Date.now() + answer.expires_in * 1000,
      refreshToken: answer.refresh_token ?? before?.refreshToken,
      owner: claims === undefined ? before?.owner : `${claims.iss} ${claims.sub}`,
      name: typeof name === 'string' ? name : before?.name,
    };
  }

  return {
    begin: () =>
      attempt(async () => {
        const at = await server();
        if (at.authorization_endpoint === undefined) throw new Error('the provider names no authorization endpoint');
        const [verifier, state, nonce] = [
          oauth.generateRandomCodeVerifier(),
          oauth.generateRandomState(),
          oauth.generateRandomNonce(),
        ];
        const url = new URL(at.authorization_endpoint);
        const parameters = {
          client_id: config.clientId,
          redirect_uri: redirectUri,
          response_type: 'code',
          scope: config.scope ?? 'openid',
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
          nonce,
        };
        for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
        const finish = (returned: URLSearchParams): Promise<Result<Credential>> =>
          attempt(async () => {
            const valid = oauth.validateAuthResponse(at, client, returned, state);
            const response = await oauth.authorizationCodeGrantRequest(
              at,
              client,
              oauth.None(),
              valid,
              redirectUri,
              verifier,
              options,
            );
            const checks = { expectedNonce: nonce, requireIdToken: true };
            return credentialOf(await oauth.processAuthorizationCodeResponse(at, client, response, checks));
          });
        return { url: url.href, finish };
      }),
    refresh: (credential) =>
      attempt(async () => {
        if (credential.refreshToken === undefined) throw new Error('there is no refresh token');
        const at = await server();
        const response = await oauth.refreshTokenGrantRequest(
          at,
          client,
          oauth.None(),
          credential.refreshToken,
          options,
        );
        const fresh = credentialOf(await oauth.processRefreshTokenResponse(at, client, response), credential);
        // Another person may have signed in at the provider meanwhile: what is kept must not change hands.
        if (fresh.owner !== credential.owner) throw new Error('the provider answered for another person');
        return fresh;
      }),
  };
}

async function attempt<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (thrown) {
    return err(
      appError('sign-in-failed', 'Signing in did not work.', {
        remedy: 'Try again; if it goes on, tell whoever runs the sign-in of this installation.',
        cause: thrown instanceof Error ? thrown.message : 'unknown',
      }),
    );
  }
}
