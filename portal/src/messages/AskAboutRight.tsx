import type { ReactNode } from 'react';
import { askAboutRight, type KnownRight, type Mistake } from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { endOfDay } from '../session/endOfDay.ts';
import type { Session } from '../session/Session.ts';
import { useDraft } from '../session/useDraft.ts';
import { TextField } from '../ui/TextField.tsx';
import { useWords } from '../words/useWords.tsx';
import { MistakeThread } from './MistakeThread.tsx';

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
  const day = date === '' ? dayOf(Math.max(ends, seconds(party.clock)) + MONTH) : date;
  const until = endOfDay(day);
  const isFit = isGiven || until > ends;
  const does = isGiven ? 'why' : 'longer';
  return (
    <MistakeThread
      session={session}
      known={known}
      who={who}
      draft={draft}
      label={say(`mistakes.${does}-what`)}
      isFit={isFit}
      send={async (words) => {
        await askAboutRight(party, { right: digest, words, ...(!isGiven && { until }) });
      }}
      onChanged={onAsked}
      begins={[say(`mistakes.${does}`)]}
      quiet={isGiven}
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
    </MistakeThread>
  );
}

/** The day of a moment in the time zone of the device, as HTML's input has it. */
function dayOf(at: number): string {
  const moment = new Date(at * 1000);
  const parts = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
