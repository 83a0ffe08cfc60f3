import { useId, type ReactNode } from 'react';
import type { Choosable } from './Choices.tsx';
import fieldLook from './Field.module.css';

/** Properties of `SelectField`. */
export interface SelectFieldProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly Choosable<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One of many things to choose, in the browser's own list. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>): ReactNode {
  const { label, choices, value, onChange } = props;
  const id = useId();
  return (
    <div className={fieldLook['field']}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {choices.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </select>
    </div>
  );
}
