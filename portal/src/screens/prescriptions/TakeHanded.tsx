import { useState, type ReactNode } from 'react';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { Shape } from '../../../../src/protocol/findShapeError.ts';
import type { Of } from '../../../../src/protocol/Of.ts';
import { parseJsonOf } from '../../../../src/protocol/parseJsonOf.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { textHanded } from './textHanded.ts';

/** Properties of `TakeHanded`. */
export interface TakeHandedProps<S extends Shape> {
  readonly shape: S;
  /** Words for the field of the file, for the button, and for any other file. */
  readonly says: Readonly<Record<'file' | 'read' | 'unfit', string>>;
  /** Takes what was read, not trusted; undefined before another is read. */
  readonly onTaken: (taken: Of<S> | undefined) => void;
}

/** Reads what somebody handed over, as a file or as the text of its code. */
export function TakeHanded<const S extends Shape>(props: TakeHandedProps<S>): ReactNode {
  const { shape, says, onTaken } = props;
  const { say } = useWords();
  const [file, setFile] = useState<File>();
  const [text, setText] = useState('');
  const reading = useRun();
  const refuse = (): MedsealError =>
    new MedsealError('ARGUMENT_INVALID', { argument: says.file, reason: says.unfit });
  const read = (): void =>
    reading.start(async () => {
      onTaken(undefined);
      const given = file === undefined ? text : await textHanded(file, refuse);
      onTaken(parseJsonOf(shape, given, refuse));
    });
  return (
    <>
      <FileField label={says.file} file={file} onChange={setFile} />
      <TextField label={say('medicines.text')} value={text} onChange={setText} rows={3} />
      <p className="row">
        <Button kind="main" busy={reading.busy} onClick={read}>
          {says.read}
        </Button>
      </p>
      {reading.error !== undefined && <Failure error={reading.error} title={says.unfit} />}
    </>
  );
}
