import type { Host, Panel } from '#extension-api';
import { useReadable } from '#ui';
import type { ModelLibrary } from '../library/modelLibrary.ts';
import { modelsText } from '../modelsText.ts';
import type { BackendChoice } from '../session/backendChoice.ts';
import { backendWords } from '../session/backendText.ts';
import type { SamSession } from '../session/session.ts';
import { writableState } from '../session/writableState.ts';
import { text } from '../text.ts';
import { BackendSetting } from './BackendSetting.tsx';
import { ModelChoice } from './ModelChoice.tsx';
import { ModelsDialog } from './models/ModelsDialog.tsx';
import { PropagationStrip } from './PropagationStrip.tsx';
import { SamPanel } from './SamPanel.tsx';

type Sessions = () => SamSession | undefined;

/** The library of an application that has one, and whether its dialog is open. */
export interface ModelsDoor {
  readonly library: ModelLibrary;
  readonly open: ReturnType<typeof writableState<boolean>>;
}

export function createModelsDoor(library: ModelLibrary): ModelsDoor {
  return { library, open: writableState(false) };
}

/** The extension's panels; the session exists once the host does, before anything is rendered. */
export const samPanels = (session: Sessions, door?: ModelsDoor, backend?: BackendChoice): readonly Panel[] => [
  {
    id: 'sam.panel',
    title: text.panel.name,
    place: 'side',
    order: 10,
    component: ({ host }: { readonly host: Host }) => {
      const current = session();
      const choice = current !== undefined && door !== undefined && (
        <ModelChoice session={current} library={door.library} onManage={() => door.open.set(true)} />
      );
      return current === undefined ? null : <SamPanel host={host} session={current} modelChoice={choice} />;
    },
  },
  {
    id: 'sam.strip',
    title: text.strip.name,
    place: 'strip',
    order: 10,
    component: ({ host }: { readonly host: Host }) => {
      const current = session();
      return current === undefined ? null : <PropagationStrip host={host} session={current} />;
    },
  },
  ...(door === undefined ? [] : [modelsPanel(session, door)]),
  ...(backend === undefined ? [] : [backendPanel(session, backend)]),
];

const backendPanel = (session: Sessions, choice: BackendChoice): Panel => ({
  id: 'sam.backend',
  title: backendWords.label,
  place: 'settings',
  order: 10,
  component: () => {
    const current = session();
    return current === undefined ? null : <BackendSetting choice={choice} segmenter={current.segmenter} />;
  },
});

const modelsPanel = (session: Sessions, { library, open }: ModelsDoor): Panel => ({
  id: 'sam.models',
  title: modelsText.title,
  place: 'overlay',
  order: 10,
  component: () => {
    const current = session();
    return useReadable(open) && current !== undefined ? (
      <ModelsDialog session={current} library={library} onClose={() => open.set(false)} />
    ) : null;
  },
});
