import type { Host, Panel } from '#extension-api';
import type { Saver } from '../save/saveSession.ts';
import { SaveDialog } from './SaveDialog.tsx';

/** The extension's panels; the saver exists once the host does, before anything is rendered. */
export const savePanels = (saver: () => Saver | undefined): readonly Panel[] => [
  {
    id: 'seg.save',
    title: 'Save segmentation',
    place: 'overlay',
    order: 10,
    component: ({ host }: { readonly host: Host }) => {
      const current = saver();
      return current === undefined ? null : <SaveDialog host={host} saver={current} />;
    },
  },
];
