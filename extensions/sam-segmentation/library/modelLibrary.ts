import type { AppError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { ReadableState } from '#extension-api';
import type { GivenFile } from './diskFolder.ts';
import type { DraftAnswers } from './draftManifest.ts';
import type { ModelOrigin } from './modelFolder.ts';
import type { Recognised } from './recognise.ts';

/** Whether a model understands what it is shown here. */
export type TestState =
  | { readonly kind: 'not-run' }
  | { readonly kind: 'running'; readonly doing: string }
  | { readonly kind: 'passed'; readonly words: string; readonly at?: string }
  | { readonly kind: 'failed'; readonly error: AppError };

/** One model that is there. */
export interface LibraryModel {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly family: string;
  /** `prompt`: answers boxes and points, can be chosen; `propagate`: makes the neighbours. */
  readonly role: 'prompt' | 'propagate';
  readonly licence: string;
  readonly source: string;
  readonly bytes: number;
  /** Absent for what came with the installation. */
  readonly added?: { readonly from: ModelOrigin; readonly at: string };
  readonly test: TestState;
}

/** What is told of a model before it is taken. */
export interface Offer {
  readonly name: string;
  readonly version: string;
  readonly family: string;
  readonly source: string;
  readonly upstream: string | undefined;
  readonly bytes: number;
  readonly files: number;
  readonly from: ModelOrigin;
  readonly licence: { readonly spdx: string; readonly text: string };
  /** Its manifest was drafted here: there was no hash to compare with. */
  readonly drafted: boolean;
}

/** How far adding a model has come. */
export type Adding =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'looking'; readonly at: string; readonly loaded?: number; readonly total?: number }
  | {
      readonly kind: 'asking';
      readonly recognised: Recognised;
      readonly proposed: DraftAnswers;
      readonly problem?: AppError;
    }
  | { readonly kind: 'offered'; readonly offer: Offer }
  | {
      readonly kind: 'installing';
      readonly name: string;
      readonly doing: 'files' | 'test';
      readonly detail: string;
      readonly loaded: number;
      readonly total: number;
    }
  | { readonly kind: 'refused'; readonly error: AppError }
  | { readonly kind: 'added'; readonly id: string; readonly name: string; readonly words: string };

/** Models of this installation and of this reader. Nothing is fetched or kept without being asked for. */
export interface ModelLibrary {
  readonly models: ReadableState<readonly LibraryModel[]>;
  readonly adding: ReadableState<Adding>;
  /** Id of the model that is prompted. */
  readonly chosen: ReadableState<string>;
  /** Id of a model that was chosen and is not in this browser any more: the installation's own has taken its place. */
  readonly gone: ReadableState<string | undefined>;
  /** Hosts besides this page's that models may be fetched from. */
  readonly hosts: readonly string[];
  /** Why nothing can be added here; undefined where it can. */
  readonly closed: AppError | undefined;
  /** Reads what is there. Never fails: what cannot be read is not listed. */
  refresh(): Promise<void>;
  choose(id: string): void;
  /** Where the model that is prompted is loaded from: that of the installation where the chosen one is gone. */
  chosenUrl(): Promise<string>;
  licenceText(id: string): Promise<Result<string>>;
  test(id: string): Promise<void>;
  remove(id: string): Promise<void>;

  /** Fetches manifest and licence, nothing else. */
  lookAtAddress(address: string): Promise<void>;
  lookAtFiles(files: readonly GivenFile[]): Promise<void>;
  /** What the graphs did not say. */
  answer(answers: DraftAnswers): void;
  /** The licence is accepted: fetches, checks, keeps, tests. */
  accept(): Promise<void>;
  /** Stops whatever is under way; nothing of it is kept. */
  cancel(): void;
}
