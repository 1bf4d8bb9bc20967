const CHANNEL = 'voxprompt-sign-in';

/**
 * The provider sends the reader back to our own address, in the window that was opened for it. Cross-origin isolation has cut that
 * window off from the one that waits, so the answer goes by a channel of the origin; it is worth nothing without the verifier that
 * only the waiting page has. @returns whether this page is that window, and nothing else is to be started in it
 */
export function deliverSignIn(target: Window): boolean {
  const { search, pathname } = target.location;
  const parameters = new URLSearchParams(search);
  if (!parameters.has('state') || !(parameters.has('code') || parameters.has('error'))) return false;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(search);
  // No code stays in the address or in the history.
  target.history.replaceState(undefined, '', pathname);
  target.document.title = 'VoxPrompt';
  target.document.body.textContent = 'You can close this window.';
  setTimeout(() => {
    channel.close();
    target.close();
  }, 100);
  return true;
}

export function listenForSignIn(onReturn: (parameters: URLSearchParams) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string') onReturn(new URLSearchParams(data));
  };
  return () => channel.close();
}
