export { fetchConfig } from './config.ts';
export { type App, createApp } from './createApp.ts';
export { AppWindow } from './shell/AppWindow.tsx';
export { StartFailure } from './shell/StartFailure.tsx';
export { deliverSignIn } from './signIn/returnPage.ts';
