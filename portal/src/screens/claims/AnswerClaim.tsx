import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { supplementClaim, type ClaimListed } from '../../../../src/client/index.ts';
import { newestOfEach } from '../../../../src/client/records/newestOfEach.ts';
import { ownChart } from '../../session/charts.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Choices } from '../../ui/Choices.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import { endOfPermits } from './endOfPermits.ts';
import { SignStep } from './SignStep.tsx';
import { useRecordInWords } from './useRecordInWords.ts';

/** Properties of `AnswerClaim`. */
export interface AnswerClaimProps {
  readonly session: Session;
  readonly listed: ClaimListed;
  /** Name of the insurer. */
  readonly who: string;
  readonly onDone: () => void;
}

/** Gives an insurer the further records that it asked for. */
export function AnswerClaim({ session, listed, who, onDone }: AnswerClaimProps): ReactNode {
  const { say, day } = useWords();
  const { party } = session;
  const { terms } = listed.message;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const found = useTask(async () => {
    const { records } = await ownChart(session, true);
    const shown = new Set(terms.records);
    return newestOfEach(records).filter(({ acknowledgement, category }) => {
      return !shown.has(acknowledgement.entry) && category !== 'billing';
    });
  }, [session, listed.digest]);
  const inWords = useRecordInWords(session, terms.handle);
  if (found.state === 'working') return <Pending what={say('records.reading')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  const records = found.value.filter(({ record }) => chosen.includes(record));
  const until = day(endOfPermits(party));
  return (
    <section>
      <h2>{say('claims.answer')}</h2>
      <p>
        {say('claims.open-first')} <Link href="/records">{say('records.menu')}</Link>
      </p>
      <Choices
        legend={say('claims.answer-records')}
        choices={found.value.toReversed().map((record) => ({
          value: record.record,
          label: inWords(record),
        }))}
        chosen={chosen}
        onChange={setChosen}
      />
      <SignStep
        label={say('common.next')}
        sign={say('claims.sign-answer')}
        kind="main"
        words={
          records.length === 0
            ? undefined
            : [say('claims.you-answer', { who, until }), ...records.map(inWords)]
        }
        run={async () => {
          await supplementClaim(party, listed.digest, {
            records: records.map(({ record }) => record),
          });
          onDone();
        }}
      />
    </section>
  );
}
