import styles from './Icon.module.css';
import { ICON_PATHS, type IconName } from './iconPaths.ts';

/** Decoration: the control that holds it carries the name. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg className={styles.icon} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={ICON_PATHS[name]} />
  </svg>
);
