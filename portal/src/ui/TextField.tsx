import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import fieldLook from './Field.module.css';

/** Properties of `TextField`: those of HTML's input, with its label, a hint and what is wrong with it. */
export interface TextFieldProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'onChange' | 'value'
> {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Lines of a longer text. */
  readonly rows?: number;
}

/** A line or a longer text that a person types. Browsers send what they check for spelling to others,
 * so they check nothing; and they write what they complete, or restore with a tab, to their disk, so they do neither. */
export function TextField(props: TextFieldProps): ReactNode {
  const { label, hint, error, onChange, rows, ...input } = props;
  const id = useId();
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const common = {
    id,
    // A text has its own direction: a date or an amount that somebody types is not turned.
    dir: 'auto' as const,
    spellCheck: false,
    autoComplete: 'off',
    ...(input.autoComplete !== undefined && { autoComplete: input.autoComplete }),
    ...(told !== '' && { 'aria-describedby': told }),
    'aria-invalid': error !== undefined,
  };
  return (
    <div className={fieldLook['field']}>
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      {rows === undefined ? (
        <input {...input} {...common} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <textarea
          {...common}
          rows={rows}
          value={input.value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="error">
          {error}
        </p>
      )}
    </div>
  );
}
