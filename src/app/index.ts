export { fetchConfig } from './config.ts';
export { type App, createApp } from './createApp.ts';
export { StartFailure } from './shell/StartFailure.tsx';
export { Window } from './shell/Window.tsx';
