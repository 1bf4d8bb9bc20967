import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An OpenID provider as far as a public client meets it: discovery, code flow with PKCE (S256 only), refresh with rotation. */
export interface OidcProvider {
  readonly issuer: string;
  /** Access tokens that are good now. */
  readonly tokens: ReadonlySet<string>;
  /** Everything that was asked, without bodies. */
  readonly asked: readonly string[];
  /** Who signs in next. */
  become(subject: string): void;
  /** Ends every access token, or every session with its refresh tokens too. */
  end(what: 'access' | 'sessions'): void;
  stop(): void;
}

interface Grant {
  readonly subject: string;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly nonce: string;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startOidcProvider(clientId: string, redirectUri: string): Promise<OidcProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const tokens = new Set<string>();
  const codes = new Map<string, Grant>();
  const refreshable = new Map<string, Grant>();
  const asked: string[] = [];
  let subject = 'doctor-1';
  let issuer = '';

  function grantTokens(response: ServerResponse, grant: Grant): void {
    const [access, refresh] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
    tokens.add(access);
    refreshable.set(refresh, grant);
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: clientId, sub: grant.subject, iat: now, exp: now + 300, nonce: grant.nonce };
    const unsigned = `${encoded({ alg: 'RS256', kid: '1' })}.${encoded({ ...claims, name: `Name of ${grant.subject}` })}`;
    const signature = sign('sha256', Buffer.from(unsigned), privateKey).toString('base64url');
    send(response, 200, {
      access_token: access,
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: refresh,
      id_token: `${unsigned}.${signature}`,
    });
  }

  /** Undefined: refused. A code and a refresh token are good for once. */
  function grantOf(form: URLSearchParams): Grant | undefined {
    if (form.get('client_id') !== clientId) return undefined;
    if (form.get('grant_type') === 'refresh_token') {
      const token = form.get('refresh_token') ?? '';
      const grant = refreshable.get(token);
      refreshable.delete(token);
      return grant;
    }
    const code = form.get('code') ?? '';
    const grant = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    return grant?.challenge === challenge && form.get('redirect_uri') === grant.redirectUri ? grant : undefined;
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      if (request.method === 'OPTIONS') {
        response.writeHead(204, { 'Access-Control-Allow-Headers': '*', 'Access-Control-Allow-Methods': '*' }).end();
      } else if (url.pathname === '/.well-known/openid-configuration') {
        send(response, 200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          code_challenge_methods_supported: ['S256'],
        });
      } else if (url.pathname === '/jwks') {
        send(response, 200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256' }] });
      } else if (url.pathname === '/authorize') {
        const asks = (name: string): string => url.searchParams.get(name) ?? '';
        const good = asks('client_id') === clientId && asks('redirect_uri') === redirectUri;
        if (!good || asks('code_challenge_method') !== 'S256') return void response.writeHead(400).end('refused');
        const code = randomBytes(16).toString('hex');
        const [challenge, nonce] = [asks('code_challenge'), asks('nonce')];
        codes.set(code, { subject, challenge, redirectUri, nonce });
        const back = new URL(redirectUri);
        back.searchParams.set('code', code);
        back.searchParams.set('state', asks('state'));
        response.writeHead(302, { Location: back.href }).end();
      } else if (url.pathname === '/token' && request.method === 'POST') {
        const grant = grantOf(new URLSearchParams(Buffer.concat(body).toString()));
        if (grant === undefined) send(response, 400, { error: 'invalid_grant' });
        else grantTokens(response, grant);
      } else response.writeHead(404).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    tokens,
    asked,
    become: (next) => {
      subject = next;
    },
    end(what) {
      tokens.clear();
      if (what === 'sessions') refreshable.clear();
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const send = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
