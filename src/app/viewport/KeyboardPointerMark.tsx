import { useEffect } from 'react';
import { classNames, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import styles from './KeyboardPointerMark.module.css';

/** Where the keys point on the image. */
export function KeyboardPointerMark({ element }: { readonly element: React.RefObject<HTMLElement | null> }) {
  const { pointer } = useApp();
  const at = useReadable(pointer.state);
  useEffect(() => (element.current === null ? undefined : pointer.attach(element.current)), [pointer, element]);
  if (at === undefined) return null;
  return (
    <svg className={styles.layer} aria-hidden="true">
      <g transform={`translate(${at.x} ${at.y})`} className={classNames(styles.mark, at.pressed && styles.pressed)}>
        <path className={styles.under} d="M-14 0h9M5 0h9M0 -14v9M0 5v9" />
        <path d="M-14 0h9M5 0h9M0 -14v9M0 5v9" />
        <circle r="1.5" />
      </g>
    </svg>
  );
}
