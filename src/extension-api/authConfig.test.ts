import { describe, expect, it } from 'vitest';
import { authOrigins, parseAuthConfig } from './authConfig.ts';

describe('how the reader signs in', () => {
  it('is read from the configuration, and nothing else with it', () => {
    const oidc = { kind: 'oidc', issuer: 'https://id.example.org/realm', clientId: 'voxprompt', scope: 'openid' };
    expect(parseAuthConfig({ ...oidc, secret: 'x' })).toEqual(oidc);
    expect(parseAuthConfig({ kind: 'basic', user: 'x' })).toEqual({ kind: 'basic' });
  });

  it.each([
    null,
    'oidc',
    {},
    { kind: 'none' },
    { kind: 'oidc', issuer: 'javascript:alert(1)', clientId: 'x' },
    { kind: 'oidc', issuer: 'https://id.example.org' },
    {
      kind: 'oidc',
      issuer: 'https://id.example.org',
      clientId: 'x',
      origins: ["https://a;script-src 'unsafe-inline'"],
    },
    { kind: 'oidc', issuer: 'https://id.example.org', clientId: 'x', origins: 'https://a' },
  ])('is refused where it is %j', (value) => {
    expect(parseAuthConfig(value)).toBeUndefined();
  });

  it('opens the policy for origins only, never for what else an address holds', () => {
    const auth = parseAuthConfig({
      kind: 'oidc',
      issuer: 'https://id.example.org/realm/x',
      clientId: 'x',
      origins: ["https://tokens.example.org/a;script-src 'unsafe-inline'", 'https://id.example.org/'],
    });
    expect(authOrigins(auth)).toEqual(['https://id.example.org', 'https://tokens.example.org']);
    expect(authOrigins(undefined)).toEqual([]);
  });
});
