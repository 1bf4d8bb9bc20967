import { createStore } from 'zustand/vanilla';
import type { ReadableState } from '#extension-api';

export type DialogName = 'palette' | 'shortcuts' | 'settings';

/** A question that must be answered before the app goes on. */
export interface Question {
  readonly title: string;
  readonly detail: string;
  readonly stay: string;
  readonly go: string;
  readonly answer: (go: boolean) => void;
}

export interface ShellState {
  readonly browserOpen: boolean;
  readonly sideOpen: boolean;
  readonly dialog: DialogName | undefined;
  readonly question: Question | undefined;
}

export interface Shell {
  readonly state: ReadableState<ShellState>;
  change(change: Partial<Omit<ShellState, 'question'>>): void;
  ask(question: Omit<Question, 'answer'>): Promise<boolean>;
}

export function createShell(): Shell {
  const state = createStore<ShellState>(() => ({
    browserOpen: true,
    sideOpen: true,
    dialog: undefined,
    question: undefined,
  }));
  return {
    state,
    change: (change) => state.setState(change),
    ask(question) {
      state.getState().question?.answer(false);
      return new Promise((resolve) => {
        const answer = (go: boolean): void => {
          state.setState({ question: undefined });
          resolve(go);
        };
        state.setState({ question: { ...question, answer } });
      });
    },
  };
}
