import { type FormEvent, useState } from 'react';
import { Button, Dialog, TextField, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import type { SignIn } from './createSignIn.ts';
import styles from './SignIn.module.css';
import { signInText } from './signInText.ts';

/** Asked for as soon as the archive wants to know who it is; requests wait meanwhile, and the work stays. */
export function SignInDialog() {
  const { signIn } = useApp();
  return signIn === undefined ? null : <Asking signIn={signIn} />;
}

function Asking({ signIn }: { readonly signIn: SignIn }) {
  const state = useReadable(signIn.state);
  const address = useReadable(signIn.address);
  const [user, setUser] = useState('');
  const [secret, setSecret] = useState('');
  if (state.kind !== 'asking') return null;
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (signIn.how === 'oidc') {
      if (address !== undefined) window.open(address, '_blank', 'popup,width=520,height=720');
      return;
    }
    signIn.enter(signIn.how === 'basic' ? { user, password: secret } : { token: secret });
    setSecret('');
  };
  const ready = signIn.how === 'oidc' ? address !== undefined : secret !== '';
  return (
    <Dialog
      open
      onClose={() => signIn.cancel()}
      title={state.again ? signInText.again : signInText.title}
      description={state.again ? signInText.againDetail : signInText.detail}
      closeLabel={text.close}
      actions={
        <>
          <Button onClick={() => signIn.cancel()}>{signInText.cancel}</Button>
          <Button kind="primary" unavailable={!ready} onClick={() => submit()}>
            {signIn.how === 'oidc' ? signInText.openPage : signInText.go}
          </Button>
        </>
      }
    >
      {state.error === undefined ? null : (
        <p role="alert" className={styles.error}>
          {state.error.message} {state.error.remedy} {state.error.cause}
        </p>
      )}
      {signIn.how === 'oidc' ? (
        <p>{signInText.pageDetail}</p>
      ) : (
        <form className={styles.fields} onSubmit={submit}>
          {signIn.how === 'basic' ? (
            <TextField label={signInText.user} placeholder={signInText.user} value={user} onChange={setUser} />
          ) : null}
          <TextField
            type="password"
            label={signIn.how === 'basic' ? signInText.password : signInText.token}
            placeholder={signIn.how === 'basic' ? signInText.password : signInText.token}
            value={secret}
            onChange={setSecret}
          />
        </form>
      )}
    </Dialog>
  );
}
