import { createStore } from 'zustand/vanilla';
import type { FileImporter, NoticePort, ReadableState, RefusedFile, StudySource } from '#extension-api';
import { text } from '../text.ts';

export interface FileDropState {
  /** Files read so far; undefined when none are being read. */
  readonly reading: { readonly done: number; readonly total: number | undefined } | undefined;
  /** Of the last import. */
  readonly refused: readonly RefusedFile[];
  /** Whether the last import brought anything besides. */
  readonly loaded: boolean;
  readonly listOpen: boolean;
}

export interface FileDrop {
  readonly state: ReadableState<FileDropState>;
  /** Call it in the event itself: the browser empties a DataTransfer when the event is over. */
  read(files: readonly File[] | DataTransfer): Promise<void>;
  showList(open: boolean): void;
  forgetRefused(): void;
}

export interface FileDropSetup {
  readonly importer: () => FileImporter | undefined;
  readonly notices: NoticePort;
  /** Takes in what was read; resolves with the number of studies. */
  readonly onSource: (source: StudySource) => Promise<number>;
}

export function createFileDrop({ importer, notices, onSource }: FileDropSetup): FileDrop {
  const state = createStore<FileDropState>(() => ({ reading: undefined, refused: [], loaded: false, listOpen: false }));
  return {
    state,
    showList: (listOpen) => state.setState({ listOpen }),
    forgetRefused: () => state.setState({ refused: [], listOpen: false }),
    async read(files) {
      const reader = importer();
      if (reader === undefined) {
        notices.show({ kind: 'warning', title: text.drop.unavailable });
        return;
      }
      state.setState({ reading: { done: 0, total: undefined } });
      try {
        const { source, refused } = await reader.read(files, {
          onProgress: (done, total) => state.setState({ reading: { done, total } }),
        });
        const studies = await onSource(source);
        // With nothing loaded the reasons are all there is to show; otherwise they must not stand before the images.
        state.setState({ refused, loaded: studies > 0, listOpen: refused.length > 0 && studies === 0 });
        if (studies > 0) notices.show({ kind: 'success', title: text.drop.added(studies) });
        else if (refused.length === 0) notices.show({ kind: 'warning', title: text.drop.nothing });
      } finally {
        state.setState({ reading: undefined });
      }
    },
  };
}
