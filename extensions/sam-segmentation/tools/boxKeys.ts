import type { Host } from '#extension-api';
import { movedBox } from '../session/keyboardBox.ts';
import { nextAction } from '../session/nextAction.ts';
import type { SamSession } from '../session/session.ts';
import { SamTool } from '../session/toolNames.ts';
import { text } from '../text.ts';

/** Controls and text fields keep their own keys. */
const BUSY =
  'input, textarea, select, button, a[href], [contenteditable=true], [role=slider], [role=dialog], [role=listbox]';

/**
 * Arrows move the box of the slice in view, with Shift they resize it, from the key that places a box to the one that propagates
 * or accepts: a box can be drawn without a pointer. Otherwise the arrows scroll, as ever: whoever drew with a pointer, or looks
 * through a result, must not change it by looking at the next slice. Page Up and Page Down always scroll.
 */
export function listenToBoxKeys(target: Window, host: Host, session: SamSession): () => void {
  let placing = true;
  const onPointerDown = (): void => {
    placing = false;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (host.viewer.activeTool.getState() !== SamTool.box || host.viewer.promptsHere?.getState() === false) return;
    if (event.target instanceof Element && event.target.closest(BUSY)) return;
    if (event.key === 'Enter') placing = event.shiftKey || nextAction(session.state.getState()) === 'draw-box';
    if (!placing) return;
    const { lesion } = session.state.getState();
    const k = host.viewer.currentSlice.getState();
    const plane = host.viewer.openSeries.getState()?.series.stack.planes[k];
    const box = 'prompts' in lesion ? lesion.prompts.slices.get(k)?.box : undefined;
    if (box === undefined || plane === undefined) return;
    const moved = movedBox(box, event.key, event.shiftKey, plane);
    if (moved === undefined) return;
    event.preventDefault();
    session.send({ kind: 'box', k, box: moved, draft: false });
    const [width, height] = [Math.round(moved.x1 - moved.x0 + 1), Math.round(moved.y1 - moved.y0 + 1)];
    host.notices.announce(text.told.box(width, height, Math.round(moved.x0), Math.round(moved.y0)));
  };
  // Before the app's own shortcuts, which leave alone what was prevented.
  target.addEventListener('keydown', onKeyDown, { capture: true });
  target.addEventListener('pointerdown', onPointerDown, { capture: true });
  return () => {
    target.removeEventListener('keydown', onKeyDown, { capture: true });
    target.removeEventListener('pointerdown', onPointerDown, { capture: true });
  };
}
