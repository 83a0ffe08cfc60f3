import { useId, useState, type ReactNode } from 'react';
import classes from './DropFiles.module.css';
import fieldLook from './Field.module.css';

/** Properties of `DropFiles`. */
export interface DropFilesProps {
  readonly label: string;
  readonly hint?: string;
  readonly multiple?: boolean;
  /** Kinds that the browser offers first, such as `.json`. */
  readonly accept?: string;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Takes files that a person chooses, or drops on it. */
export function DropFiles(props: DropFilesProps): ReactNode {
  const { label, hint, multiple = false, accept, onFiles } = props;
  const id = useId();
  const [over, setOver] = useState(false);
  return (
    <div
      className={[fieldLook['field'], classes['drop'], over && classes['over']]
        .filter(Boolean)
        .join(' ')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const files = [...event.dataTransfer.files];
        onFiles(multiple ? files : files.slice(0, 1));
      }}
    >
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      <input
        id={id}
        type="file"
        multiple={multiple}
        accept={accept}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file chosen again is read again.
          event.target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </div>
  );
}
