import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import {
  drawnFor,
  drawVerifiers,
  endClaimRights,
  lapseClaim,
  withdrawClaim,
} from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { ZERO32, type Bytes32 } from '../../../../src/protocol/ids.ts';
import { hasTerm, isPendingClaim } from '../../../../src/protocol/care/isPendingClaim.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames, type NameOf } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import { usePatientNames } from '../patients/usePatientNames.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { AnswerClaim } from './AnswerClaim.tsx';
import { ClaimPapers } from './ClaimPapers.tsx';
import { DecideClaim } from './DecideClaim.tsx';
import { Dispute } from './Dispute.tsx';
import { openClaim, type ClaimOpened } from './openClaim.ts';
import { PutExplanation } from './PutExplanation.tsx';
import { SettleStep } from './SettleStep.tsx';
import { SignStep } from './SignStep.tsx';
import { useAmount } from './useAmount.ts';
import { useClaimInWords } from './useClaimInWords.ts';

const withdraw = afterReview(withdrawClaim);
const endRights = afterReview(endClaimRights);

/** One claim with its papers, and what the person can do about it now. */
export function ClaimPage({ session }: ScreenProps): ReactNode {
  const { claim } = useParams<{ claim: Bytes32 }>();
  const { say } = useWords();
  const amount = useAmount();
  const patientName = usePatientNames();
  const { party } = session;
  const found = useTask(async () => {
    await collectNews(party);
    const opened = await openClaim(party, claim);
    const { message, facts } = opened.listed;
    const drawn = await drawnFor(party, message, facts);
    return { opened, drawn, people: await readPeople(party) };
  }, [party, claim]);
  const opened = found.state === 'done' ? found.value.opened : undefined;
  const { message } = opened?.listed ?? {};
  const drawn = found.state === 'done' ? found.value.drawn : [];
  const beside = opened?.read?.beside ?? [];
  const nameOf = useNames(
    session,
    message === undefined
      ? []
      : [
          message.insurer,
          message.terms.claimant,
          message.terms.payee,
          ...drawn,
          ...beside.map(({ facts: { insurer } }) => insurer),
        ],
  );
  const inWords = useClaimInWords(session, nameOf);
  if (found.state === 'working') return <Pending what={say('claims.checking')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  const { listed, read, fault } = found.value.opened;
  const patient = patientName(found.value.people, listed.message.terms.handle);
  const side = session.role === 'insurer' ? 'insurer' : session.handle ? 'patient' : 'claimant';
  return (
    <Page
      title={say('claims.of', {
        amount: amount(listed.facts.amount, read?.currency),
        insurer: nameOf(listed.message.insurer),
        patient,
        side,
      })}
    >
      {inWords(listed).map((line) => (
        <p key={line}>{line}</p>
      ))}
      {drawn.map((verifier) => (
        <p key={verifier}>{say('claims.drawn-who', { who: nameOf(verifier) })}</p>
      ))}
      {beside.map(({ digest, facts: { insurer, approved, total }, isLater }) => (
        <p key={digest}>
          {say('claims.beside', {
            who: nameOf(insurer),
            later: isLater ? 'yes' : 'no',
            approved: amount(approved, read?.currency),
            total: amount(total, read?.currency),
          })}
        </p>
      ))}
      <p className="row">
        <Button onClick={found.again}>{say('common.refresh')}</Button>
        <Link href="/claims" className="button plain">
          {say('common.back')}
        </Link>
      </p>
      {fault !== undefined && (
        <Notice kind={fault === 'altered' ? 'bad' : 'warn'} title={say(`claims.fault-${fault}`)} />
      )}
      {read !== undefined && <ClaimPapers party={party} read={read} />}
      <Acts
        key={listed.facts.step}
        session={session}
        opened={found.value.opened}
        patient={patient}
        nameOf={nameOf}
        onDone={found.again}
      />
    </Page>
  );
}

interface ActsProps {
  readonly session: Session;
  readonly opened: ClaimOpened;
  readonly patient: string;
  readonly nameOf: NameOf;
  readonly onDone: () => void;
}

/** The steps that a side of a claim can take in its state. */
function Acts({ session, opened, patient, nameOf, onDone }: ActsProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const { party } = session;
  const { listed, read } = opened;
  const { digest, message, facts } = listed;
  const { state, round, due } = facts;
  const isClaimant = message.terms.claimant === party.address;
  const isInsurer = message.insurer === party.address;
  const isOwnChart = session.handle === message.terms.handle;
  const isOpen = state === 'open' || state === 'asked';
  const isDecided = (state === 'approved' && message.treatment !== ZERO32) || state === 'denied';
  const isOver = seconds(party.clock) > due;
  const side = isClaimant ? message.claimant : party.address;
  const isSide = isClaimant || isInsurer;
  const canDispute = ((isDecided && round === 0) || state === 'judged') && isSide && !isOver;
  const isDisputant = facts.disputant === side;
  const who = nameOf(message.insurer);
  return (
    <>
      {hasTerm(facts) && isOver && (
        <SettleStep
          act="lapse"
          words={say('claims.lapse-means', { state })}
          run={async () => {
            await lapseClaim(party, digest);
            onDone();
          }}
        />
      )}
      {isSide && state === 'disputed' && !isDisputant && !isOver && (
        <SettleStep
          act="draw"
          words={say('claims.draw-means')}
          run={async () => {
            await drawVerifiers(party, digest);
            onDone();
          }}
        />
      )}
      {state === 'drawn' && isDisputant && !isOver && (
        <SettleStep
          act="send"
          words={say('claims.send-means')}
          run={async () => {
            await drawVerifiers(party, digest);
            onDone();
          }}
        />
      )}
      {isInsurer && state === 'open' && !isOver && read !== undefined && (
        <DecideClaim
          session={session}
          read={read}
          patient={patient}
          nameOf={nameOf}
          onDone={onDone}
        />
      )}
      {isClaimant && state === 'asked' && !isOver && (
        <AnswerClaim
          session={session}
          listed={listed}
          who={who}
          patient={patient}
          onDone={onDone}
        />
      )}
      {isClaimant && (isDecided || state === 'paid') && read !== undefined && (
        <PutExplanation session={session} listed={listed} patient={patient} />
      )}
      {canDispute && read !== undefined && (
        <Dispute session={session} listed={listed} onDone={onDone} />
      )}
      {isClaimant && isOpen && (
        <SignStep
          session={session}
          wanted={[digest]}
          label={say('claims.withdraw')}
          sign={say('claims.sign-withdraw')}
          kind="danger"
          words={[say('claims.you-withdraw', { who, amount: amount(facts.amount) })]}
          run={async (reviewed) => {
            await withdraw(party, reviewed);
            onDone();
          }}
        />
      )}
      {isOwnChart && !isPendingClaim(facts) && (
        <SignStep
          session={session}
          wanted={[digest]}
          label={say('claims.end', { who })}
          sign={say('claims.sign-end')}
          kind="danger"
          words={[say('claims.you-end', { who }), say('share.stop-not')]}
          run={async (reviewed) => {
            await endRights(party, reviewed);
            onDone();
          }}
        />
      )}
    </>
  );
}
