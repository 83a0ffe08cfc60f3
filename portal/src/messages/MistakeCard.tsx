import type { ReactNode } from 'react';
import {
  askAboutRight,
  isAboutVersion,
  reportMistake,
  sendAnswer,
  waitsForAnswer,
  type Mistake,
} from '../../../src/client/index.ts';
import { answerDue } from '../../../src/protocol/network/answerDue.ts';
import { shownText } from '../fhir/shownText.ts';
import type { Session } from '../session/Session.ts';
import { useRun } from '../session/useRun.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { Button } from '../ui/Button.tsx';
import { useWords } from '../words/useWords.tsx';
import cardLook from '../ui/Card.module.css';
import classes from './MistakeCard.module.css';

/** Seconds of a day. */
const DAY = 24 * 3600;

/** Properties of `MistakeCard`. */
export interface MistakeCardProps {
  readonly session: Session;
  readonly mistake: Mistake;
  /** Name of the other person. */
  readonly who: string;
  readonly onChanged: () => void;
  /** Everything else that belongs to the report. */
  readonly children?: ReactNode;
}

/** A report of a mistake, its words and its state. */
export function MistakeCard({
  session,
  mistake,
  who,
  onChanged,
  children,
}: MistakeCardProps): ReactNode {
  const { say, moment, day } = useWords();
  const { party } = session;
  const { by, about, words, topic, until, at, answer, entry, pair, unsent = false } = mistake;
  const isOfRight = about.act === 'right';
  const isOwn = by === party.address;
  const sending = useRun();
  const again = (): void =>
    sending.start(async () => {
      if (answer !== undefined) await sendAnswer(party, mistake);
      else if (isOfRight) await askAboutRight(party, { right: about.entry, words, until });
      else if (entry !== undefined) await reportMistake(party, { entry, pair, words, topic });
      onChanged();
    });
  const now = party.clock.now() / 1000;
  const days = Math.max(0, Math.floor((now - at) / DAY));
  const due = answerDue(party.network, at);
  const isLost = answer !== undefined && !isOwn && unsent;
  return (
    <div className={cardLook['card']}>
      <span className="by">
        {say(isOwn ? 'mistakes.you-told' : 'mistakes.told-you', { who, when: moment(at) })}
      </span>
      {topic !== undefined && (
        <strong>{say(`mistakes.topic-${topic}`, { until: day(until ?? at) })}</strong>
      )}
      {topic !== 'correction' && <Quote text={words} />}
      {waitsForAnswer(mistake) && (
        <strong>{unsent ? say('mistakes.unsent') : say('mistakes.waits', { days })}</strong>
      )}
      {answer === undefined && topic === undefined && isAboutVersion(about) && (
        <span className="by">
          {say(due < now ? 'mistakes.overdue' : 'mistakes.open', { when: moment(due) })}
        </span>
      )}
      {answer?.version !== undefined && (
        <strong>{say('mistakes.amended', { version: answer.version })}</strong>
      )}
      {answer?.grant !== undefined && <strong>{say('mistakes.extended')}</strong>}
      {answer !== undefined && answer.words !== '' && (
        <>
          <span className="by">
            {say('mistakes.answered', {
              who: isOwn ? who : say('common.you'),
              when: moment(answer.at),
            })}
          </span>
          <Quote text={answer.words} />
        </>
      )}
      {isLost && <strong>{say('mistakes.answer-lost', { who })}</strong>}
      <Awaiting on={sending} />
      {(isLost ||
        (isOwn && (unsent || waitsForAnswer(mistake)) && (entry !== undefined || isOfRight))) && (
        <Button busy={sending.busy} onClick={again}>
          {say('mistakes.again')}
        </Button>
      )}
      {children}
    </div>
  );
}

function Quote({ text }: { readonly text: string }): ReactNode {
  return (
    <p className={classes['quote']} dir="auto">
      {shownText(text)}
    </p>
  );
}
