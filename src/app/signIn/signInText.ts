/** Words of signing in and out. */
export const signInText = {
  title: 'Sign in to the archive',
  detail: 'The archive wants to know who you are.',
  again: 'Sign in again',
  againDetail:
    'Your session with the archive has ended. Your work is still here, and goes on after you have signed in.',
  pageDetail: 'A window of your organisation opens. It closes by itself when you have signed in.',
  openPage: 'Open sign-in window',
  go: 'Sign in',
  cancel: 'Not now',
  user: 'User name',
  password: 'Password',
  token: 'Access token',
  signOut: 'Sign out',
  signOutQuestion: {
    title: 'Sign out?',
    detail:
      'The key of what is kept in this browser is destroyed: unsaved work and what has not reached the archive can then not be brought back.',
    stay: 'Stay signed in',
    go: 'Sign out',
  },
} as const;
