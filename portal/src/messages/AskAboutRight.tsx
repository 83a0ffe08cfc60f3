import { useState, type ReactNode } from 'react';
import { askAboutRight, type KnownRight, type Mistake } from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Session } from '../session/Session.ts';
import { useDraft } from '../session/useDraft.ts';
import { useRun } from '../session/useRun.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { Button } from '../ui/Button.tsx';
import { List } from '../ui/List.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useWords } from '../words/useWords.tsx';
import { MistakeCard } from './MistakeCard.tsx';
import { MistakeWords } from './MistakeWords.tsx';

/** Seconds that are offered beyond the end of a right, or beyond now. */
const MONTH = 30 * 24 * 3600;

/** Properties of `AskAboutRight`. */
export interface AskAboutRightProps {
  readonly session: Session;
  readonly right: KnownRight;
  /** Name of the other side. */
  readonly who: string;
  /** Messages about the right. */
  readonly known: readonly Mistake[];
  readonly onAsked: () => void;
}

/** Asks about a right: its grantee for more time, with an end and a reason; the patient why it is needed. */
export function AskAboutRight({
  session,
  right: { digest, grant },
  who,
  known,
  onAsked,
}: AskAboutRightProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const { until: ends } = grant.terms;
  const isGiven = session.handle === grant.handle;
  const draft = useDraft(session, `right/${digest}`, { words: '', date: '' });
  const { date } = draft.value;
  const [open, setOpen] = useState(draft.kept !== undefined);
  const sending = useRun();
  const day = date === '' ? dayOf(Math.max(ends, seconds(party.clock)) + MONTH) : date;
  const until = Math.floor(new Date(`${day}T23:59:59`).getTime() / 1000);
  const isFit = isGiven || until > ends;
  const send = (words: string): void => {
    if (!isFit) return;
    sending.start(async () => {
      await askAboutRight(party, { right: digest, words, ...(!isGiven && { until }) });
      setOpen(false);
      await draft.drop();
      onAsked();
    });
  };
  const does = isGiven ? 'why' : 'longer';
  return (
    <>
      {known.length > 0 && (
        <List items={known} keyOf={(each) => each.id} look="own">
          {(each) => <MistakeCard session={session} mistake={each} who={who} onChanged={onAsked} />}
        </List>
      )}
      {open ? (
        <MistakeWords
          draft={draft}
          label={say(`mistakes.${does}-what`)}
          hint={say('mistakes.hint', { who })}
          send={say('mistakes.send', { who })}
          busy={sending.busy}
          onSend={send}
          onCancel={() => {
            setOpen(false);
            void draft.drop();
          }}
        >
          {!isGiven && (
            <TextField
              label={say('mistakes.longer-until')}
              type="date"
              value={day}
              onChange={(text) => draft.change({ date: text })}
              {...(!isFit && { error: say('share.must-be-ahead') })}
            />
          )}
        </MistakeWords>
      ) : (
        <p className="row">
          <Button kind={isGiven ? 'quiet' : 'plain'} onClick={() => setOpen(true)}>
            {say(`mistakes.${does}`)}
          </Button>
        </p>
      )}
      <Awaiting on={sending} what={say('mistakes.sending')} />
    </>
  );
}

/** The day of a moment in the time zone of the device, as HTML's input has it. */
function dayOf(at: number): string {
  const moment = new Date(at * 1000);
  const parts = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
