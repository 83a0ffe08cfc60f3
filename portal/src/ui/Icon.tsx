import { createElement, type ReactNode } from 'react';
import { drawings } from 'drawings:icons';
import type { IconName } from './iconNames.ts';
import classes from './Icon.module.css';

/** Properties of `Icon`. */
export interface IconProps {
  readonly name: IconName;
}

/** A drawing of one line beside a word, as large as the word; a screen reader passes it over. */
export function Icon({ name }: IconProps): ReactNode {
  const isDirected = name.startsWith('chevron-') || name.startsWith('arrow-');
  return (
    <svg
      className={isDirected ? `${classes['icon']} ${classes['flip']}` : classes['icon']}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      {drawings[name]?.map(([shape, attributes], place) =>
        createElement(shape, { key: place, ...attributes }),
      )}
    </svg>
  );
}
