import type { Viewer, ViewportSlot } from '#viewer';

/** A pane for each slot of the layout, with what a reader would read beside it; `reattach` is what React's StrictMode does to an effect. */
export function showPanes(viewer: Viewer): { readonly reattach: () => void } {
  const attached = new Map<ViewportSlot, () => void>();
  function layOut(): void {
    const wanted = viewer.slots.getState();
    const room = document.querySelector('#slots')!;
    for (const [slot, detach] of attached) {
      if (wanted.includes(slot)) continue;
      detach();
      attached.delete(slot);
      document.querySelector(`[data-slot=${slot}]`)?.remove();
    }
    for (const slot of wanted) {
      if (attached.has(slot)) continue;
      const box = document.createElement('div');
      box.className = 'slot';
      box.dataset.slot = slot;
      box.innerHTML = '<div class="view"></div><div class="text"></div>';
      room.append(box);
      const text = box.querySelector<HTMLElement>('.text')!;
      const write = (): void => {
        const info = viewer.slotInfo(slot).getState();
        text.textContent = `${slot}  ${info.sliceLabel}  ${info.windowText}  x${info.zoom.toFixed(2)}  ${info.millimetresPerPixel.toFixed(3)} mm/px\n${JSON.stringify(info.orientation ?? {})} ${info.problem ?? ''}`;
      };
      viewer.slotInfo(slot).subscribe(write);
      attached.set(slot, viewer.attach(slot, box.querySelector<HTMLDivElement>('.view')!));
      write();
    }
  }
  viewer.slots.subscribe(layOut);
  layOut();
  return {
    reattach: () => {
      attached.get('acquisition')!();
      const element = document.querySelector<HTMLDivElement>('[data-slot=acquisition] .view')!;
      attached.set('acquisition', viewer.attach('acquisition', element));
    },
  };
}
