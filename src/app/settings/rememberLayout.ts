import { LAYOUT_NAMES, type Layout, type Viewer } from '#viewer';

const KEY = 'voxprompt.layout';

/**
 * The layout that the reader chose is that of the next series, and of this tab after a reload: its name alone is kept, and no
 * series. The first one is that of the settings.
 */
export function rememberLayout(
  viewer: Pick<Viewer, 'layout' | 'wantedLayout' | 'setLayout'>,
  atStart: Layout,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
): () => void {
  const stored = storage.getItem(KEY);
  viewer.setLayout(LAYOUT_NAMES.find((name) => name === stored) ?? atStart);
  return viewer.wantedLayout.subscribe(() => storage.setItem(KEY, viewer.wantedLayout.getState()));
}
