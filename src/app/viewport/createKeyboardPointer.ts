import { createStore } from 'zustand/vanilla';
import type { ReadableState } from '#extension-api';

/** Where the keys point, CSS px from the image's top left corner. */
export interface PointerState {
  readonly x: number;
  readonly y: number;
  /** Space is down: what a mouse button would do is being done. */
  readonly pressed: boolean;
}

/** A second mouse, moved by arrow keys: whatever a tool does under a mouse, it does under this. */
export interface KeyboardPointer {
  readonly state: ReadableState<PointerState | undefined>;
  /** The image that it moves over. */
  attach(element: HTMLElement): () => void;
  show(): void;
  hide(): void;
  /** Listens on a window; returns what undoes it. */
  listen(target: Window): () => void;
}

export interface KeyboardPointerSetup {
  /** Whether the tool in hand draws: Space then brings the pointer. */
  readonly draws: () => boolean;
  /** CSS px under one pixel of the image. */
  readonly pixelSize: () => number;
  readonly onShown: () => void;
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Image pixels that an arrow moves with Shift. */
const FAR = 10;
/** Controls and text fields keep their own keys. */
const BUSY =
  'input, textarea, select, button, a[href], summary, [contenteditable=true], [role=slider], [role=dialog], [role=listbox]';

export function createKeyboardPointer({ draws, pixelSize, onShown }: KeyboardPointerSetup): KeyboardPointer {
  const store = createStore<{ readonly value: PointerState | undefined }>(() => ({ value: undefined }));
  const now = (): PointerState | undefined => store.getState().value;
  let element: HTMLElement | undefined;

  /** The image sees mouse events, as if a hand had moved one. */
  function play(type: 'mousedown' | 'mousemove' | 'mouseup', { x, y, pressed }: PointerState): void {
    const box = element?.getBoundingClientRect();
    if (element === undefined || box === undefined) return;
    const place = { clientX: box.left + x, clientY: box.top + y };
    const buttons = pressed ? 1 : 0;
    element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, button: 0, buttons, ...place }));
  }

  function release(): void {
    const held = now();
    if (held?.pressed !== true) return;
    const free = { ...held, pressed: false };
    store.setState({ value: free });
    play('mouseup', free);
  }

  function show(): void {
    const box = element?.getBoundingClientRect();
    if (box === undefined || now() !== undefined) return;
    const value = { x: box.width / 2, y: box.height / 2, pressed: false };
    store.setState({ value });
    play('mousemove', value);
    onShown();
  }

  function hide(): void {
    release();
    store.setState({ value: undefined });
  }

  function move([dx, dy]: readonly [number, number], far: boolean): void {
    const held = now();
    const box = element?.getBoundingClientRect();
    if (held === undefined || box === undefined) return;
    const step = Math.max(1, pixelSize()) * (far ? FAR : 1);
    const value = {
      ...held,
      x: Math.min(box.width - 1, Math.max(0, held.x + dx * step)),
      y: Math.min(box.height - 1, Math.max(0, held.y + dy * step)),
    };
    store.setState({ value });
    play('mousemove', value);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || element === undefined) return;
    if (event.target instanceof Element && event.target.closest(BUSY)) return;
    const held = now();
    const direction = DIRECTIONS[event.key];
    if (held === undefined) {
      if (event.key !== ' ' || !draws()) return;
      show();
    } else if (direction !== undefined) move(direction, event.shiftKey);
    else if (event.key === 'Escape') hide();
    else if (event.key !== ' ') return;
    else if (!event.repeat && !held.pressed) {
      const pressed = { ...held, pressed: true };
      store.setState({ value: pressed });
      play('mousedown', pressed);
    }
    event.preventDefault();
  }

  return {
    state: { getState: now, subscribe: store.subscribe },
    attach(image) {
      element = image;
      // Whoever takes the mouse in hand has no need of this one.
      image.addEventListener('pointerdown', hide);
      return () => {
        hide();
        image.removeEventListener('pointerdown', hide);
        if (element === image) element = undefined;
      };
    },
    show,
    hide,
    listen(target) {
      const onKeyUp = (event: KeyboardEvent): void => {
        if (event.key === ' ') release();
      };
      target.addEventListener('keydown', onKeyDown, { capture: true });
      target.addEventListener('keyup', onKeyUp, { capture: true });
      target.addEventListener('blur', release);
      return () => {
        target.removeEventListener('keydown', onKeyDown, { capture: true });
        target.removeEventListener('keyup', onKeyUp, { capture: true });
        target.removeEventListener('blur', release);
      };
    },
  };
}
