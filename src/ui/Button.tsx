import type { ComponentProps, MouseEvent } from 'react';
import styles from './Button.module.css';
import { classNames } from './classNames.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './iconPaths.ts';
import { Tooltip } from './Tooltip.tsx';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  readonly kind?: 'plain' | 'primary' | 'quiet' | 'danger';
  readonly icon?: IconName | undefined;
  /** Stays focusable and keeps its tooltip, so that the reason can be read; a click does nothing. */
  readonly unavailable?: boolean | undefined;
}

export const Button = ({
  kind = 'plain',
  icon,
  unavailable = false,
  className,
  onClick,
  children,
  ...rest
}: ButtonProps) => (
  <button
    type="button"
    {...rest}
    className={classNames(styles.button, styles[kind], className)}
    aria-disabled={unavailable || undefined}
    onClick={unavailable ? ignore : onClick}
  >
    {icon === undefined ? null : <Icon name={icon} />}
    {children}
  </button>
);

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  readonly icon: IconName;
  /** The accessible name, also shown as the tooltip. */
  readonly label: string;
  readonly detail?: string | undefined;
  readonly shortcut?: string | undefined;
  readonly pressed?: boolean | undefined;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
}

export const IconButton = ({ icon, label, detail, shortcut, pressed, side, className, ...rest }: IconButtonProps) => (
  <Tooltip label={label} detail={detail} shortcut={shortcut} {...(side === undefined ? {} : { side })}>
    <Button
      kind="quiet"
      {...rest}
      className={classNames(styles.iconOnly, className)}
      icon={icon}
      aria-label={label}
      aria-pressed={pressed}
    />
  </Tooltip>
);

const ignore = (event: MouseEvent): void => event.preventDefault();
