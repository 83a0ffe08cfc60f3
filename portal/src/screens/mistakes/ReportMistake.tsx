import { useState, type ReactNode } from 'react';
import { reportMistake, type Mistake, type PairInSet } from '../../../../src/client/index.ts';
import type { Acknowledgement } from '../../../../src/protocol/evidence/evidence.ts';
import type { Session } from '../../session/Session.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import { MistakeCard } from './MistakeCard.tsx';
import { MistakeWords } from './MistakeWords.tsx';

/** Properties of `ReportMistake`. */
export interface ReportMistakeProps {
  readonly session: Session;
  /** Entry that is wrong; its author is told. */
  readonly entry: Acknowledgement;
  /** The entry or record that is wrong, as a name of one draft. */
  readonly about: string;
  /** Proves the one record, if the entry is a view of several; that takes thousands of hashes, so it is called when the report is sent. */
  readonly provePair?: (() => PairInSet | undefined) | undefined;
  /** Name of that author. */
  readonly who: string;
  /** Reports about it that were made before. */
  readonly known: readonly Mistake[];
  readonly onTold: () => void;
  /** True where each line of a list has one. */
  readonly quiet?: boolean;
}

/** Says in one step that a record or an entry is wrong, and shows what came of it. */
export function ReportMistake({
  session,
  entry,
  about,
  provePair,
  who,
  known,
  onTold,
  quiet = false,
}: ReportMistakeProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const draft = useDraft(session, `mistake/${about}`, { words: '' });
  const [open, setOpen] = useState(draft.kept !== undefined);
  const sending = useRun();
  const send = (words: string): void =>
    sending.start(async () => {
      await reportMistake(party, { entry, pair: provePair?.(), words });
      setOpen(false);
      await draft.drop();
      onTold();
    });
  return (
    <>
      {known.length > 0 && (
        <ul className="cards">
          {known.map((each) => (
            <li key={each.id}>
              <MistakeCard session={session} mistake={each} who={who} onChanged={onTold} />
            </li>
          ))}
        </ul>
      )}
      {!open && (
        <Button kind={quiet ? 'quiet' : 'plain'} onClick={() => setOpen(true)}>
          {say('mistakes.wrong')}
        </Button>
      )}
      {open && (
        <MistakeWords
          draft={draft}
          label={say('mistakes.what')}
          hint={say('mistakes.hint', { who })}
          send={say('mistakes.send', { who })}
          busy={sending.busy}
          onSend={send}
          onCancel={() => {
            setOpen(false);
            void draft.drop();
          }}
        />
      )}
      {sending.busy && <Pending what={say('mistakes.sending')} />}
      {sending.error !== undefined && <Failure error={sending.error} />}
    </>
  );
}
