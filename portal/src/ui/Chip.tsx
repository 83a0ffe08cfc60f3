import type { ReactNode } from 'react';
import classes from './Chip.module.css';
import { Icon } from './Icon.tsx';
import type { IconName } from './iconNames.ts';

/** Properties of `Chip`. */
export interface ChipProps {
  readonly icon?: IconName;
  /** Colour, which says nothing that the words do not say. */
  readonly tone?: 'good' | 'danger' | 'acting' | undefined;
  readonly children: ReactNode;
}

/** One short fact beside a title. */
export function Chip({ icon, tone, children }: ChipProps): ReactNode {
  return (
    <span className={[classes['chip'], tone && classes[tone]].filter(Boolean).join(' ')}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </span>
  );
}
