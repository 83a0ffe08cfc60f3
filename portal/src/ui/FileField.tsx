import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import fieldLook from './Field.module.css';

/** Properties of `FileField`. */
export interface FileFieldProps {
  readonly label: string;
  readonly hint?: string;
  /** The chosen file; the field is empty without one. */
  readonly file: File | undefined;
  readonly onChange: (file: File | undefined) => void;
}

/** A field for one file. One that is chosen again is read again, and one that was let go is named no more. */
export function FileField({ label, hint, file, onChange }: FileFieldProps): ReactNode {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (file === undefined && field.current !== null) field.current.value = '';
  }, [file]);
  return (
    <div className={fieldLook['field']}>
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <input
        id={id}
        ref={field}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        type="file"
        onClick={() => onChange(undefined)}
        onChange={(event) => onChange(event.target.files?.[0] ?? undefined)}
      />
    </div>
  );
}
