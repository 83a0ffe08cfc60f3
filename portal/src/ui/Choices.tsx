import type { ReactNode } from 'react';
import classes from './Choices.module.css';

/** One of several things to choose. */
export interface Choosable<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** Properties of `Choices`. */
export interface ChoicesProps<Value extends string> {
  readonly legend: string;
  readonly choices: readonly Choosable<Value>[];
  readonly chosen: readonly Value[];
  readonly onChange: (chosen: readonly Value[]) => void;
  /** True if exactly one is chosen. */
  readonly one?: boolean;
}

/** Boxes or radio buttons, each with its label as a target that a thumb hits. */
export function Choices<Value extends string>(props: ChoicesProps<Value>): ReactNode {
  const { legend, choices, chosen, onChange, one = false } = props;
  return (
    <fieldset className={classes['choices']}>
      <legend>{legend}</legend>
      {choices.map(({ value, label, hint }) => (
        <label key={value} className={classes['choice']}>
          <input
            type={one ? 'radio' : 'checkbox'}
            name={legend}
            checked={chosen.includes(value)}
            onChange={(event) => {
              const others = one ? [] : chosen.filter((each) => each !== value);
              onChange(event.target.checked ? [...others, value] : others);
            }}
          />
          <span>
            {label}
            {hint !== undefined && <small>{hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
