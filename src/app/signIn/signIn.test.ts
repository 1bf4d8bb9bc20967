import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OidcProvider, startOidcProvider } from '../../../test/support/oidcProvider.ts';
import { createSignIn } from './createSignIn.ts';
import { createOidcClient } from './oidc.ts';

const HOME = 'http://127.0.0.1:9/';
let provider: OidcProvider;
beforeEach(async () => {
  provider = await startOidcProvider('voxprompt', HOME);
});
afterEach(() => provider.stop());

const oidc = () =>
  createSignIn('oidc', createOidcClient({ kind: 'oidc', issuer: provider.issuer, clientId: 'voxprompt' }, HOME));

/** What the window of the provider does: the reader signs in there and is sent back. */
async function throughTheWindow(signIn: ReturnType<typeof oidc>): Promise<URLSearchParams> {
  const address = await vi.waitFor(() => {
    const known = signIn.address.getState();
    if (known === undefined) throw new Error('not yet');
    return known;
  });
  const answer = await fetch(address, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams;
}
const tokenOf = (header: string | undefined): string => header?.replace('Bearer ', '') ?? '';

describe('signing in by OpenID Connect', () => {
  it('asks once for all requests that wait, and gives each the token', async () => {
    const signIn = oidc();
    const waiting = [
      signIn.authorization.header(),
      signIn.authorization.header(),
      signIn.authorization.renew(undefined),
    ];
    expect(signIn.state.getState()).toMatchObject({ kind: 'asking', again: false });
    await signIn.returned(await throughTheWindow(signIn));
    const [first, second, renewed] = await Promise.all(waiting);
    expect(provider.tokens.has(tokenOf(first as string))).toBe(true);
    expect([second, renewed]).toEqual([first, true]);
    expect(signIn.state.getState()).toEqual({
      kind: 'signed-in',
      name: 'Name of doctor-1',
      owner: `${provider.issuer} doctor-1`,
    });
    expect(provider.asked.filter((asked) => asked.startsWith('POST'))).toEqual(['POST /token']);
    expect(provider.asked.join()).not.toContain(tokenOf(first as string));
  });

  it('renews silently where the access token has ended, once for all', async () => {
    const signIn = oidc();
    const header = signIn.authorization.header();
    await signIn.returned(await throughTheWindow(signIn));
    const old = await header;
    provider.end('access');
    expect(await Promise.all([1, 2, 3].map(() => signIn.authorization.renew(old)))).toEqual([true, true, true]);
    const now = await signIn.authorization.header();
    expect(now).not.toBe(old);
    expect(provider.tokens.has(tokenOf(now))).toBe(true);
    expect(provider.asked.filter((asked) => asked === 'POST /token')).toHaveLength(2);
    expect(signIn.state.getState().kind).toBe('signed-in');
  });

  it('stays signed out when the reader signs out while the token is being renewed', async () => {
    const signIn = oidc();
    const header = signIn.authorization.header();
    await signIn.returned(await throughTheWindow(signIn));
    const renewed = signIn.authorization.renew(await header);
    signIn.signOut();
    expect(await renewed).toBe(false);
    expect(signIn.state.getState()).toEqual({ kind: 'signed-out' });
  });

  it('asks again where the session has ended too, and the request completes', async () => {
    const signIn = oidc();
    const header = signIn.authorization.header();
    await signIn.returned(await throughTheWindow(signIn));
    const old = await header;
    provider.end('sessions');
    const renewed = signIn.authorization.renew(old);
    await vi.waitFor(() => expect(signIn.state.getState()).toMatchObject({ kind: 'asking', again: true }));
    await signIn.returned(await throughTheWindow(signIn));
    expect(await renewed).toBe(true);
    expect(provider.tokens.has(tokenOf(await signIn.authorization.header()))).toBe(true);
  });

  it.each<[string, (back: URLSearchParams) => void]>([
    ['another state', (back) => back.set('state', 'forged')],
    ['a code that is none', (back) => back.set('code', 'forged')],
    [
      'the refusal of the provider',
      (back) => {
        back.delete('code');
        back.set('error', 'access_denied');
      },
    ],
  ])('refuses %s, says so, and lets the reader try again', async (_, spoil) => {
    const signIn = oidc();
    const header = signIn.authorization.header();
    const back = await throughTheWindow(signIn);
    spoil(back);
    await signIn.returned(back);
    expect(signIn.state.getState()).toMatchObject({ kind: 'asking', error: { code: 'sign-in-failed' } });
    await signIn.returned(await throughTheWindow(signIn));
    expect(provider.tokens.has(tokenOf(await header))).toBe(true);
  });

  it('says when the provider cannot be reached', async () => {
    provider.stop();
    const signIn = oidc();
    const header = signIn.authorization.header();
    await vi.waitFor(() => expect(signIn.state.getState()).toMatchObject({ error: { code: 'sign-in-failed' } }));
    signIn.cancel();
    expect(await header).toBeUndefined();
    expect(signIn.state.getState().kind).toBe('signed-out');
  });

  it('lets go of a request that is cancelled, and keeps asking for the others', async () => {
    const signIn = oidc();
    const leaving = new AbortController();
    const left = signIn.authorization.header({ signal: leaving.signal });
    const stays = signIn.authorization.header();
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    await signIn.returned(await throughTheWindow(signIn));
    expect(await stays).toMatch(/^Bearer /);
    signIn.signOut();
    expect(signIn.endedByReader()).toBe(true);
  });
});

describe('signing in by what the reader enters', () => {
  it('makes a header of name and password, with letters of any language', async () => {
    const signIn = createSignIn('basic', undefined);
    const header = signIn.authorization.header();
    signIn.enter({ user: 'müller', password: 'pä:ss' });
    expect(await header).toBe(`Basic ${Buffer.from('müller:pä:ss').toString('base64')}`);
    const renewed = signIn.authorization.renew(await header);
    await vi.waitFor(() => expect(signIn.state.getState()).toMatchObject({ kind: 'asking', again: true }));
    signIn.cancel();
    expect(await renewed).toBe(false);
  });

  it('takes a token without the blanks around it, and none with a line break inside', async () => {
    const signIn = createSignIn('bearer', undefined);
    const header = signIn.authorization.header();
    signIn.enter({ token: 'abc\r\nX-Evil: 1' });
    expect(signIn.state.getState()).toMatchObject({ kind: 'asking', error: { code: 'bad-credentials' } });
    signIn.enter({ token: '  abc\n' });
    expect(await header).toBe('Bearer abc');
  });
});
