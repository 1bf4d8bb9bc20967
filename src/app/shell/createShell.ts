import { createStore } from 'zustand/vanilla';
import type { ReadableState } from '#extension-api';

export type DialogName = 'palette' | 'shortcuts' | 'settings' | 'seriesInfo' | 'kept';

/** A question that must be answered before the app goes on. */
export interface Question {
  readonly title: string;
  readonly detail: string;
  readonly stay: string;
  readonly go: string;
  /** Going on throws work away. */
  readonly loses?: boolean;
  readonly answer: (go: boolean) => void;
}

/** A share that only the reader can choose. */
export interface ShareQuestion {
  readonly title: string;
  readonly detail: string;
  readonly label: string;
  readonly stay: string;
  readonly go: string;
  /** 0..1 */
  readonly initial: number;
  readonly answer: (share: number | undefined) => void;
}

export interface ShellState {
  readonly browserOpen: boolean;
  readonly sideOpen: boolean;
  readonly dialog: DialogName | undefined;
  readonly question: Question | undefined;
  readonly shareQuestion: ShareQuestion | undefined;
}

export interface Shell {
  readonly state: ReadableState<ShellState>;
  change(change: Partial<Pick<ShellState, 'browserOpen' | 'sideOpen' | 'dialog'>>): void;
  ask(question: Omit<Question, 'answer'>): Promise<boolean>;
  /** Undefined where the reader chose none. */
  askShare(question: Omit<ShareQuestion, 'answer'>): Promise<number | undefined>;
}

export function createShell(): Shell {
  const state = createStore<ShellState>(() => ({
    browserOpen: true,
    sideOpen: true,
    dialog: undefined,
    question: undefined,
    shareQuestion: undefined,
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
    askShare(question) {
      state.getState().shareQuestion?.answer(undefined);
      return new Promise((resolve) => {
        const answer = (share: number | undefined): void => {
          state.setState({ shareQuestion: undefined });
          resolve(share);
        };
        state.setState({ shareQuestion: { ...question, answer } });
      });
    },
  };
}
