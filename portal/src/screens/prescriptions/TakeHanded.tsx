import { useState, type ReactNode } from 'react';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { ScanCode } from '../../ui/ScanCode.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { unpackCode } from '../../camera/packedCode.ts';
import { textHanded } from './textHanded.ts';

/** Properties of `TakeHanded`. */
export interface TakeHandedProps<Taken> {
  readonly session: Session;
  /** Reads the text, not trusted; `refuse` makes the error for any other text. */
  readonly parse: (text: string, refuse: () => MedsealError) => Taken;
  /** Words for the field of the file, for the button, and for any other file. */
  readonly says: Readonly<Record<'file' | 'read' | 'unfit', string>>;
  /** Takes what was read, not trusted; undefined before another is read. */
  readonly onTaken: (taken: Taken | undefined) => void;
}

/** Reads what somebody handed over, as a file or as the text of its code. */
export function TakeHanded<Taken>(props: TakeHandedProps<Taken>): ReactNode {
  const { session, parse, says, onTaken } = props;
  const { say } = useWords();
  const [file, setFile] = useState<File>();
  const [text, setText] = useState('');
  const reading = useRun();
  const refuse = (): MedsealError =>
    new MedsealError('ARGUMENT_INVALID', { argument: says.file, reason: says.unfit });
  const read = (scanned?: string): void =>
    reading.start(async () => {
      onTaken(undefined);
      const given = scanned ?? (file === undefined ? text : await textHanded(file, refuse));
      onTaken(parse(unpackCode(given), refuse));
    });
  return (
    <>
      {!reading.busy && (
        <ScanCode
          session={session}
          kinds={['signed']}
          onText={(scanned) => {
            setFile(undefined);
            setText(scanned);
            read(scanned);
          }}
        />
      )}
      <FileField label={says.file} file={file} onChange={setFile} />
      <TextField label={say('medicines.text')} value={text} onChange={setText} rows={3} />
      <p className="row">
        <Button kind="main" busy={reading.busy} onClick={() => read()}>
          {says.read}
        </Button>
      </p>
      <Awaiting on={reading} title={says.unfit} />
    </>
  );
}
