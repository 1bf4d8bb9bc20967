/** How the reader signs in to the archive. Absent: not at all, or the proxy in front does it (mutual TLS, a portal). */
export type AuthConfig =
  /** The reader pastes an access token. */
  | { readonly kind: 'bearer' }
  /** Name and password: for test systems. */
  | { readonly kind: 'basic' }
  /** OpenID Connect: authorization code flow with PKCE, for a public client without a secret. */
  | {
      readonly kind: 'oidc';
      readonly issuer: string;
      readonly clientId: string;
      /** 'openid' where absent; 'openid offline_access' where the provider gives refresh tokens for that. */
      readonly scope?: string;
      /** Origins besides the issuer's that the page must reach: the token endpoint's, where it is another one. */
      readonly origins?: readonly string[];
    };

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isHttp = (value: unknown): value is string =>
  isText(value) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

/** @returns undefined where it is not what it should be */
export function parseAuthConfig(value: unknown): AuthConfig | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  if (value.kind === 'bearer' || value.kind === 'basic') return { kind: value.kind };
  if (value.kind !== 'oidc') return undefined;
  const { issuer, clientId, scope, origins } = value as Partial<
    Record<'issuer' | 'clientId' | 'scope' | 'origins', unknown>
  >;
  if (!isHttp(issuer) || !isText(clientId) || !(scope === undefined || isText(scope))) return undefined;
  if (!(origins === undefined || (Array.isArray(origins) && origins.every(isHttp)))) return undefined;
  return {
    kind: 'oidc',
    issuer,
    clientId,
    ...(scope === undefined ? {} : { scope }),
    ...(origins === undefined ? {} : { origins }),
  };
}

/** Origins that the Content-Security-Policy must let the page reach. */
export const authOrigins = (auth: AuthConfig | undefined): readonly string[] =>
  auth?.kind === 'oidc' ? [...new Set([auth.issuer, ...(auth.origins ?? [])].map((url) => new URL(url).origin))] : [];
