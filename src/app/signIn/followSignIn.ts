import type { AuthConfig } from '#extension-api';
import type { Vault } from '../vault/vault.ts';
import type { SignIn } from './createSignIn.ts';
import { createOidcClient, type OidcClient } from './oidc.ts';
import { listenForSignIn } from './returnPage.ts';

export const oidcOf = (auth: AuthConfig): OidcClient | undefined =>
  auth.kind === 'oidc' ? createOidcClient(auth, `${window.location.origin}/`) : undefined;

/** What is kept belongs to who is signed in: under a key of their own, which ends with the session. */
export function followSignIn(signIn: SignIn | undefined, vault: Vault | undefined, onChange: () => void): () => void {
  if (signIn === undefined) return () => {};
  let owner: string | undefined;
  const follow = async (): Promise<void> => {
    const now = signIn.state.getState();
    if (now.kind === 'asking') return;
    const next = now.kind === 'signed-in' && now.owner !== undefined ? await vault?.scopeOf(now.owner) : undefined;
    const left = owner;
    owner = next?.ok ? next.value : undefined;
    if (owner === left) return;
    vault?.setOwner(owner);
    if (left !== undefined && signIn.endedByReader()) await vault?.forget(left);
    onChange();
  };
  const ends = [signIn.state.subscribe(() => void follow()), listenForSignIn((back) => void signIn.returned(back))];
  return () => {
    for (const end of ends) end();
  };
}
