import { useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { cell } from '../cell.ts';
import type { AutosaveState } from './autosave.ts';
import { keptText } from './keptText.ts';

const NOTHING = cell<AutosaveState>({ kind: 'off', why: 'unsupported' });

/** After 'Not stored yet': whether it is at least kept in this browser. */
export function KeptState() {
  const { autosave, labelmap } = useApp();
  const unsaved = useReadable(labelmap.unsaved);
  const { kind } = useReadable(autosave?.state ?? NOTHING);
  const words = keptText.state[kind];
  return unsaved && words !== '' ? <>, {words}</> : null;
}
