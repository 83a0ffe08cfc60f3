import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  formatClaimFile,
  prepareSupplement,
  supplementClaim,
  type Chart,
  type ChartRecord,
  type ClaimListed,
  newestOfEach,
} from '../../../../src/client/index.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { chartOfClaim } from './chartOfClaim.ts';
import { endOfPermits } from './endOfPermits.ts';
import { SendAnswer } from './SendAnswer.tsx';
import { SignStep } from './SignStep.tsx';
import { useRecordInWords } from './useRecordInWords.ts';

const supplement = afterReview(supplementClaim);

/** Properties of `AnswerClaim`. */
export interface AnswerClaimProps {
  readonly session: Session;
  readonly listed: ClaimListed;
  /** Name of the insurer. */
  readonly who: string;
  /** Name of the patient. */
  readonly patient: string;
  readonly onDone: () => void;
}

/** Further records that are chosen. */
interface AnswerChosen {
  readonly chosen: readonly string[];
}

/**
 * Gives an insurer the further records that it asked for. A patient permits them at once; whoever claims for a patient saves
 * a file, which the patient permits, and sends what comes back.
 */
export function AnswerClaim(props: AnswerClaimProps): ReactNode {
  const { session, listed, who, patient, onDone } = props;
  const { say, day } = useWords();
  const { party } = session;
  const { terms } = listed.message;
  const isOwn = session.handle === terms.handle;
  const draft = useDraft<AnswerChosen>(session, `claim-answer/${listed.digest}`, { chosen: [] });
  const { chosen } = draft.value;
  const found = useTask(
    async () => await chartOfClaim(session, terms.handle),
    [session, listed.digest],
  );
  const inWords = useRecordInWords(session, terms.handle);
  if (found.state !== 'done') return <Awaiting on={found} what={say('records.reading')} />;
  const offered = offeredOf(found.value, listed);
  const records = offered.filter(({ record }) => chosen.includes(record));
  const ids = records.map(({ record }) => record);
  const until = day(endOfPermits(party));
  const isNone = records.length === 0;
  return (
    <section>
      <h2>{say('claims.answer')}</h2>
      {isOwn ? (
        <p>
          {say('claims.open-first')} <Link href="/records">{say('records.menu')}</Link>
        </p>
      ) : (
        <p>{say('claims.answer-means', { patient })}</p>
      )}
      <KeptDraft draft={draft} />
      <Choices
        legend={say('claims.answer-records')}
        choices={offered.toReversed().map((record) => ({
          value: record.record,
          label: inWords(record),
        }))}
        chosen={chosen}
        onChange={(changed) => draft.change({ chosen: changed })}
      />
      {isOwn ? (
        <SignStep
          session={session}
          wanted={isNone ? undefined : [listed.digest, { records: ids }]}
          others={{ to: [listed.message.insurer] }}
          label={say('common.next')}
          sign={say('claims.sign-answer')}
          kind="main"
          words={[say('claims.you-answer', { who, until }), ...records.map(inWords)]}
          run={async (reviewed) => {
            await supplement(party, reviewed);
            await draft.drop(draft.value);
            onDone();
          }}
        />
      ) : (
        <>
          <SaveQuestion
            isNone={isNone}
            make={async () => {
              const { grant, purpose } = found.value;
              const wanted = { records: ids, purpose, ...(grant && { grant }) };
              const file = formatClaimFile(await prepareSupplement(party, listed.digest, wanted));
              await draft.drop();
              return file;
            }}
          />
          <SendAnswer
            session={session}
            listed={listed}
            chart={found.value}
            who={who}
            inWords={inWords}
            onDone={onDone}
          />
        </>
      )}
    </section>
  );
}

interface SaveQuestionProps {
  /** True while no record is chosen. */
  readonly isNone: boolean;
  /** Makes the file. */
  readonly make: () => Promise<string>;
}

/** Saves the file that asks the patient to permit further records; nothing is signed for it. */
function SaveQuestion({ isNone, make }: SaveQuestionProps): ReactNode {
  const { say } = useWords();
  const [tried, setTried] = useState(false);
  const saving = useRun();
  return (
    <>
      {tried && isNone && <p className="error">{say('enter.fill-in')}</p>}
      <Awaiting on={saving} what={say('records.reading')} />
      <p className="row">
        <Button
          kind="main"
          busy={saving.busy}
          onClick={() => {
            setTried(true);
            if (isNone) return;
            saving.start(async () =>
              saveFile('claim-answer.json', await make(), 'application/json'),
            );
          }}
        >
          {say('claims.save')}
        </Button>
      </p>
    </>
  );
}

/** Records of the chart that the claim does not name, without bills. */
function offeredOf({ records }: Chart, { message }: ClaimListed): readonly ChartRecord[] {
  const shown = new Set(message.terms.records);
  return newestOfEach(records).filter(({ acknowledgement, category }) => {
    return !shown.has(acknowledgement.entry) && category !== 'billing';
  });
}
