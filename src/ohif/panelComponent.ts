type Mount = (element: HTMLElement) => () => void;

/**
 * A component for OHIF's React 18, without React: it renders one element whose content is ours. An element of React 18 is a plain
 * object; one made by another version would be refused.
 * @param ready what fills the element, once it is there
 */
export function panelComponent(ready: () => Promise<Mount | undefined>): () => object {
  let shown: HTMLElement | undefined;
  let unmount: (() => void) | undefined;
  // One function for all renders, so that a render of OHIF's does not mount anew.
  const ref = (element: HTMLElement | null): void => {
    unmount?.();
    unmount = undefined;
    shown = element ?? undefined;
    if (element === null) return;
    void ready().then((mount) => {
      if (shown === element) unmount = mount?.(element);
    });
  };
  return () => ({
    $$typeof: Symbol.for('react.element'),
    type: 'div',
    key: null,
    ref,
    props: { style: { height: '100%', overflow: 'auto' } },
    _owner: null,
    _store: {},
  });
}
