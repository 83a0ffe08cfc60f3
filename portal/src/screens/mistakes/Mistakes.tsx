import type { ReactNode } from 'react';
import {
  answerMistake,
  isAboutVersion,
  waitsForAnswer,
  type Mistake,
  type MistakeAbout,
} from '../../../../src/client/index.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useMistakes } from '../../session/useMistakes.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords, type Words } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { ExtendRight } from './ExtendRight.tsx';
import { MistakeCard } from '../../messages/MistakeCard.tsx';
import { MistakeWords } from '../../messages/MistakeWords.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** The reports of mistakes by a person and to a person, those without an answer first. */
export function Mistakes({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { mistakes, again } = useMistakes(session);
  const nameOf = useNames(
    session,
    mistakes.flatMap(({ by, to }) => [by, to]),
  );
  const inOrder = mistakes.toReversed().toSorted((one, other) => isDone(one) - isDone(other));
  return (
    <Page title={say('mistakes.title')} lead={say('mistakes.lead')}>
      <p className="row">
        <Button onClick={again}>{say('common.refresh')}</Button>
      </p>
      <List items={inOrder} none={say('mistakes.none')} keyOf={(each) => each.id} look="own">
        {(each) => (
          <Report
            session={session}
            mistake={each}
            who={nameOf(each.by === session.party.address ? each.to : each.by)}
            onChanged={again}
          />
        )}
      </List>
    </Page>
  );
}

function isDone(mistake: Mistake): number {
  return waitsForAnswer(mistake) ? 0 : 1;
}

function Report({
  session,
  mistake,
  who,
  onChanged,
}: Parameters<typeof MistakeCard>[0]): ReactNode {
  const words = useWords();
  const { say, moment } = words;
  const { about, answer, to, id, topic } = mistake;
  const isOfRight = about.act === 'right';
  const isExtension = topic === 'extension';
  const { category, purpose, at, version = 0, handle, record, count = 0 } = about;
  const draft = useDraft(session, `answer/${id}`, { words: '' });
  const answering = useRun();
  const what = category === undefined ? '' : say(`common.category-${category}`);
  const values = {
    who: to === session.party.address ? say('common.you') : who,
    what,
    purpose: say(`common.purpose-${purpose}`),
    code: '–',
    count,
    parts: '',
  };
  const isTold = to === session.party.address;
  return (
    <MistakeCard session={session} mistake={mistake} who={who} onChanged={onChanged}>
      <span className="by">
        {isAboutVersion(about)
          ? say('mistakes.about', { what, when: moment(at), version })
          : aboutOther(about, words, values)}
      </span>
      {!isAboutVersion(about) && record !== undefined && (
        <span className="by">
          {say('mistakes.which', { record: `${record.slice(0, 10)}…`, version })}
        </span>
      )}
      {isTold && answer === undefined && topic === undefined && isAboutVersion(about) && (
        <ButtonLink href={`/patients/${handle}/all`}>{say('mistakes.correct')}</ButtonLink>
      )}
      {isTold && topic === 'correction' && (
        <ButtonLink href={`/patients/${handle}/all`}>{say('mistakes.look')}</ButtonLink>
      )}
      {isTold && answer === undefined && topic === 'renewal' && session.role === 'doctor' && (
        <ButtonLink href={`/prescribe/${handle}`}>{say('mistakes.prescribe')}</ButtonLink>
      )}
      {isTold && answer === undefined && topic === 'extension' && (
        <ExtendRight {...{ session, mistake, who }} onDone={onChanged} />
      )}
      {isTold && waitsForAnswer(mistake) && (
        <MistakeWords
          draft={draft}
          label={say('mistakes.answer', { who })}
          hint={say(
            isOfRight
              ? `mistakes.answer-right-${isExtension ? 'longer' : 'why'}`
              : 'mistakes.answer-hint',
          )}
          send={say('mistakes.send-answer', { who })}
          busy={answering.busy}
          onSend={(text) =>
            answering.start(async () => {
              await answerMistake(session.party, { id, words: text });
              await draft.drop();
              onChanged();
            })
          }
        />
      )}
      <Awaiting on={answering} what={say('mistakes.sending')} />
    </MistakeCard>
  );
}

/** Says in words about which entry, or about which right, a report is. */
function aboutOther(
  { act, at, accepted, until = at }: MistakeAbout,
  { say, moment }: Words,
  values: Readonly<Record<string, string | number>>,
): string {
  if (act === 'right') return say('mistakes.about-right', { until: moment(until) });
  return `${moment(at)}: ${say(accepted ? `evidence.did-${act}` : `evidence.refused-${act}`, values)}`;
}
