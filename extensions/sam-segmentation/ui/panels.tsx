import type { Host, Panel } from '#extension-api';
import type { SamSession } from '../session/session.ts';
import { text } from '../text.ts';
import { PropagationStrip } from './PropagationStrip.tsx';
import { SamPanel } from './SamPanel.tsx';

type Sessions = () => SamSession | undefined;

/** The extension's panels; the session exists once the host does, before anything is rendered. */
export const samPanels = (session: Sessions): readonly Panel[] => [
  {
    id: 'sam.panel',
    title: text.panel.name,
    place: 'side',
    order: 10,
    component: ({ host }: { readonly host: Host }) => {
      const current = session();
      return current === undefined ? null : <SamPanel host={host} session={current} />;
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
];
